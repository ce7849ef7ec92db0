using System.Net;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Im.Node.Ingress;
using Im.Node.Ingress.ApiKeys;
using Shouldly;
using Xunit;
using HealthService = Grpc.Health.V1.Health;

namespace Im.Tests.Ingress;

/// <summary>Every route, by gRPC and by HTTP: no key, a wrong one, one without the scope, and the right one.</summary>
public sealed class IngressAuthSpecs(IngressHost host) : IClassFixture<IngressHost>
{
    public static TheoryData<string, string, string> Routes => new()
    {
        { "POST", "/api/v1/apps/101/users/alice:push", ApiKeyScopes.Push },
        { "POST", "/api/v1/apps/101/users:push", ApiKeyScopes.Push },
        { "POST", "/api/v1/apps/101/conversations/r%3Alobby:push", ApiKeyScopes.Push },
        { "POST", "/api/v1/apps/101:broadcast", ApiKeyScopes.Push },
        { "POST", "/api/v1/apps/101/users:queryOnline", ApiKeyScopes.Presence },
        { "GET", "/api/v1/apps/101/users", ApiKeyScopes.Presence },
        { "GET", "/api/v1/apps/101/users/alice/connections", ApiKeyScopes.Presence },
        { "POST", "/api/v1/apps/101/users/alice:kick", ApiKeyScopes.Session },
        { "POST", "/api/v1/apps/101/connections/n1-7:disconnect", ApiKeyScopes.Session },
        { "GET", "/api/v1/apps/101/deliveries/01JD00000000000000000000AA", ApiKeyScopes.Push },
        { "POST", "/api/v1/apps/101/users/alice:revokeTokens", ApiKeyScopes.Session },
        { "GET", "/api/v1/apps/101/conversations/r%3Alobby/messages", ApiKeyScopes.Conversation },
        { "POST", "/api/v1/apps/101/groups", ApiKeyScopes.Conversation },
        { "GET", "/api/v1/apps/101/groups/team", ApiKeyScopes.Conversation },
        { "POST", "/api/v1/apps/101/groups/team:updateMembers", ApiKeyScopes.Conversation },
        { "POST", "/api/v1/diagnostics:collect", ApiKeyScopes.Admin },
        { "GET", "/guarded/route", ApiKeyScopes.Presence },
    };

    public static TheoryData<string, string> Methods
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (service, scope) in IngressServices.All)
            {
                foreach (var method in service.Methods) data.Add($"/{service.FullName}/{method.Name}", scope);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Should_answer_401_when_no_key_is_sent(string method, string path, string scope)
    {
        var (status, body) = await SendAsync(method, path, _ => { });

        status.ShouldBe(HttpStatusCode.Unauthorized, scope);
        JsonElement.Parse(body).GetProperty("code").GetInt32().ShouldBe(16);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Should_answer_403_when_the_key_lacks_the_scope(string method, string path, string scope)
    {
        foreach (var other in ApiKeyScopes.All.Where(other => other != scope))
        {
            var (status, body) = await SendAsync(method, path, headers => headers.Add("x-api-key", IngressHost.KeyOf(other)));

            status.ShouldBe(HttpStatusCode.Forbidden, other);
            JsonElement.Parse(body).GetProperty("message").GetString().ShouldBe($"API key '{other}' lacks the scope '{scope}': use a key that has it.");
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Should_pass_the_gate_when_the_key_has_the_scope(string method, string path, string scope)
    {
        var (status, _) = await SendAsync(method, path, headers => headers.Add("authorization", $"Bearer {IngressHost.KeyOf(scope)}"));

        status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("x-api-key", "wrong")]
    [InlineData("x-api-key", "")]
    [InlineData("authorization", "Bearer wrong")]
    [InlineData("authorization", "Basic aW06aW0=")]
    [InlineData("authorization", IngressHost.Key)]
    public async Task Should_answer_401_when_the_credentials_are_wrong(string header, string value)
    {
        var (status, _) = await SendAsync("GET", "/api/v1/apps/101/users", headers => headers.TryAddWithoutValidation(header, value));

        status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Should_answer_401_before_the_body_is_read()
    {
        var (status, _) = await SendAsync("POST", "/api/v1/apps/101/users/alice:push", _ => { }, "not json");

        status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Should_answer_unauthenticated_when_no_key_is_sent_by_grpc(string method, string scope)
    {
        var error = await Should.ThrowAsync<RpcException>(() => CallAsync(method, null));

        error.StatusCode.ShouldBe(StatusCode.Unauthenticated, scope);
        error.Status.Detail.ShouldStartWith("No valid API key");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Should_answer_permission_denied_when_the_key_lacks_the_scope_by_grpc(string method, string scope)
    {
        var other = ApiKeyScopes.All.First(other => other != scope);

        var error = await Should.ThrowAsync<RpcException>(() => CallAsync(method, IngressHost.KeyOf(other)));

        error.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Should_pass_the_gate_when_the_key_has_the_scope_by_grpc(string method, string scope)
    {
        var outcome = StatusCode.OK;
        try
        {
            await CallAsync(method, IngressHost.KeyOf(scope));
        }
        catch (RpcException error)
        {
            outcome = error.StatusCode;
        }

        outcome.ShouldBeOneOf(StatusCode.OK, StatusCode.InvalidArgument, StatusCode.NotFound);
    }

    [Fact]
    public async Task Should_refuse_reflection_when_no_key_is_sent()
    {
        using var call = new ServerReflection.ServerReflectionClient(host.GrpcWith(null)).ServerReflectionInfo();

        var error = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        error.StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Should_list_the_services_by_reflection_when_the_key_has_the_scope()
    {
        using var call = new ServerReflection.ServerReflectionClient(host.Grpc).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ToList();
        await call.RequestStream.CompleteAsync();

        names.ShouldBe([.. IngressServices.All.Select(entry => entry.Service.FullName), "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"], ignoreOrder: true);
    }

    [Fact]
    public async Task Should_answer_health_when_no_key_is_sent()
    {
        var answer = await new HealthService.HealthClient(host.GrpcWith(null)).CheckAsync(new HealthCheckRequest());

        answer.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string method, string path, Action<System.Net.Http.Headers.HttpRequestHeaders> headers, string json = "{}")
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), host.HttpAddress + path);
        headers(request.Headers);
        if (method == "POST") request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends an empty message: every request message can be empty on the wire.</summary>
    private async Task CallAsync(string method, string? key)
    {
        var marshaller = Marshallers.Create(static (byte[] bytes) => bytes, static bytes => bytes);
        var parts = method.Trim('/').Split('/');
        var rpc = new Method<byte[], byte[]>(MethodType.Unary, parts[0], parts[1], marshaller, marshaller);
        using var call = host.GrpcWith(key).AsyncUnaryCall(rpc, null, default, []);
        await call.ResponseAsync;
    }
}
