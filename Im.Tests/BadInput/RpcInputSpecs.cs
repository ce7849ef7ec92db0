using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Im.Protocol.Ingress.V1;
using Im.Tests.Ingress;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.BadInput;

/// <summary>Every call of the server API with what is wrong in it, over gRPC and HTTP against a real node with its store.</summary>
public sealed class RpcInputSpecs(RpcInputSpecs.RpcNode rpc) : IClassFixture<RpcInputSpecs.RpcNode>
{
    private static readonly ServiceDescriptor[] Services =
        [PushService.Descriptor, PresenceService.Descriptor, SessionService.Descriptor, ConversationService.Descriptor, AdminService.Descriptor];

    /// <summary>Every unary method and the only scope that opens it.</summary>
    public static TheoryData<string, string> Methods
    {
        get
        {
            var methods = new TheoryData<string, string>();
            foreach (var method in Services.SelectMany(service => service.Methods).Where(method => !method.IsClientStreaming))
                methods.Add($"{method.Service.Name}.{method.Name}", method.Service.Name.Replace("Service", "", StringComparison.Ordinal).ToLowerInvariant());
            return methods;
        }
    }

    [Theory]
    [MemberData(nameof(RpcTable.Calls), MemberType = typeof(RpcTable))]
    public async Task Should_say_what_is_wrong_with_a_call(string method, string json, StatusCode status, string? field)
    {
        var error = await rpc.FailAsync(method, json, rpc.Node.ApiKey);

        error.StatusCode.ShouldBe(status, error.Status.Detail);
        FieldsOf(error).ShouldBe(field is null ? [] : [field], error.Status.Detail);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Should_be_refused_without_a_key_with_a_wrong_one_and_with_one_of_another_scope(string method, string scope)
    {
        foreach (var key in new[] { null, "", "wrong", rpc.Node.ApiKey[..^1], rpc.Node.ApiKey + "x" })
            (await rpc.FailAsync(method, "{}", key)).StatusCode.ShouldBe(StatusCode.Unauthenticated, key);
        foreach (var other in RpcNode.Scopes.Where(other => other != scope))
            (await rpc.FailAsync(method, "{}", RpcNode.KeyOf(other))).StatusCode.ShouldBe(StatusCode.PermissionDenied, other);
    }

    [Theory]
    [MemberData(nameof(InvalidPosts.All), MemberType = typeof(InvalidPosts))]
    public async Task Should_answer_a_wrong_post_with_its_code(string path, string json, int code, string? field)
    {
        _ = field;

        (await rpc.PostAsync(path, json)).GetProperty("code").GetInt32().ShouldBe(code);
    }

    [Fact]
    public async Task Should_have_stored_nothing_and_serve_a_fresh_call_after_all_of_it()
    {
        foreach (var call in RpcTable.Calls) await rpc.FailAsync((string)call[0], (string)call[1], rpc.Node.ApiKey);
        foreach (var post in InvalidPosts.All) await rpc.PostAsync((string)post[0], (string)post[1]);

        var pushed = await rpc.PostAsync("/api/v1/apps/101/users/fresh:push", """{"msg":"hello"}""");
        var group = await rpc.CallAsync("ConversationService.GetGroup", """{"app":101,"group":"team"}""", rpc.Node.ApiKey);
        var tea = await rpc.CallAsync("ConversationService.History", """{"app":101,"conv":"r:tea"}""", rpc.Node.ApiKey);
        await using var socket = await ChatSocket.ConnectAsync(rpc.Node.WebSocket);
        var login = await socket.AskAsync("""{"seq":"1","cmd":"login","data":{"v":2,"userId":"fresh","appId":101,"device":"device-fresh","platform":"web"}}""");

        pushed.GetProperty("mseq").GetInt64().ShouldBe(1);
        GetGroupResponse.Parser.ParseFrom(group).Members.Select(member => member.User).ShouldBe(["alice", "bob", "dave"]);
        HistoryResponse.Parser.ParseFrom(tea).Head.ShouldBe(1);
        login!.ShouldContain("\"hello\"");
    }

    private static string[] FieldsOf(RpcException error)
    {
        if (error.Trailers.GetValueBytes("grpc-status-details-bin") is not { } bytes) return [];
        var fields = new List<string>();
        foreach (var detail in Google.Rpc.Status.Parser.ParseFrom(bytes).Details)
        {
            if (detail.TryUnpack<Google.Rpc.BadRequest>(out var request)) fields.AddRange(request.FieldViolations.Select(violation => violation.Field));
            else if (detail.TryUnpack<Google.Rpc.PreconditionFailure>(out var failure)) fields.AddRange(failure.Violations.Select(violation => violation.Subject));
        }

        return [.. fields];
    }

    /// <summary>A node with g:team and r:tea, and a key for each scope.</summary>
    public sealed class RpcNode : IAsyncLifetime
    {
        public static readonly string[] Scopes = ["push", "presence", "session", "conversation", "admin"];

        private readonly List<GrpcChannel> _channels = [];
        private HttpClient _http = null!;

        public NodeFixture Node { get; private set; } = null!;

        public static string KeyOf(string scope) => $"im_key_for_{scope}_only_0123456789";

        public async Task InitializeAsync()
        {
            string[] keys = [.. Scopes.Index().SelectMany(scope => new[]
            {
                $"--Im:Ingress:ApiKeys:{scope.Index}:Id={scope.Item}",
                $"--Im:Ingress:ApiKeys:{scope.Index}:Hash={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KeyOf(scope.Item))))}",
                $"--Im:Ingress:ApiKeys:{scope.Index}:Scopes:0={scope.Item}",
            })];
            Node = await NodeFixture.StartAsync(keys);
            _http = new HttpClient { BaseAddress = Node.Http, DefaultRequestHeaders = { { "x-api-key", Node.ApiKey } } };
            await CallAsync("ConversationService.CreateGroup", """{"app":101,"group":"team","name":"Team","owner":"alice","members":["bob","dave"]}""", Node.ApiKey);
            await CallAsync("PushService.PushToConversation", """{"app":101,"conv":"r:tea","msg":"one"}""", Node.ApiKey);
        }

        public async Task DisposeAsync()
        {
            foreach (var channel in _channels) channel.Dispose();
            _http.Dispose();
            await Node.DisposeAsync();
        }

        /// <summary>Calls a method by its name with a request given as JSON.</summary>
        /// <returns>The response's bytes.</returns>
        internal async Task<byte[]> CallAsync(string name, string json, string? key)
        {
            var method = Services.SelectMany(service => service.Methods).Single(method => $"{method.Service.Name}.{method.Name}" == name);
            var request = JsonParser.Default.Parse(json, method.InputType).ToByteArray();
            var bytes = Marshallers.Create(static (byte[] value) => value, static value => value);
            var call = new Method<byte[], byte[]>(MethodType.Unary, method.Service.FullName, method.Name, bytes, bytes);
            var headers = key is null ? [] : new Metadata { { "x-api-key", key } };
            return await Channel().CreateCallInvoker().AsyncUnaryCall(call, null, new CallOptions(headers), request);
        }

        internal Task<RpcException> FailAsync(string name, string json, string? key) => Should.ThrowAsync<RpcException>(() => CallAsync(name, json, key));

        internal async Task<JsonElement> PostAsync(string path, string json)
        {
            var address = new Uri(Node.Http.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var content = new StringContent(json, Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(address, content);
            return JsonElement.Parse(await response.Content.ReadAsStringAsync());
        }

        private GrpcChannel Channel()
        {
            if (_channels.Count == 0) _channels.Add(GrpcChannel.ForAddress(Node.Grpc));
            return _channels[0];
        }
    }
}
