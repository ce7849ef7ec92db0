using System.Net;
using System.Text.Json;
using Google.Api;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Im.Node.Ingress;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Ingress.OpenApi;
using Im.Protocol.Ingress.V1;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Im.Tests.Ingress;

/// <summary>The document describes all that the protos define, and nothing else.</summary>
public sealed class OpenApiDocumentSpecs(IngressHost host) : IClassFixture<IngressHost>
{
    /// <summary>Every file of the package, found without the list that the node uses.</summary>
    private static readonly FileDescriptor[] Files = [PushReflection.Descriptor, PresenceReflection.Descriptor, SessionReflection.Descriptor, ConversationReflection.Descriptor, AdminReflection.Descriptor];

    private static IEnumerable<MethodDescriptor> Methods => Files.SelectMany(file => file.Services).SelectMany(service => service.Methods);

    [Fact]
    public async Task Should_hold_every_route_of_the_protos_and_no_other()
    {
        var document = await DocumentAsync();

        var described = from path in document.GetProperty("paths").EnumerateObject()
                        from operation in path.Value.EnumerateObject()
                        select $"{operation.Name.ToUpperInvariant()} {path.Name}";
        described.ShouldBe(Methods.Where(IsUnary).Select(Route), ignoreOrder: true);
    }

    [Fact]
    public void Should_map_every_method_of_every_service_to_a_scope()
    {
        IngressServices.All.Select(entry => entry.Service).ShouldBe(Files.SelectMany(file => file.Services), ignoreOrder: true);
    }

    [Fact]
    public void Should_guard_both_forms_of_every_method_with_its_scope()
    {
        var endpoints = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints;

        foreach (var method in Methods)
        {
            var forms = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName == $"/{method.Service.FullName}/{method.Name}").ToList();
            forms.Count(endpoint => endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null).ShouldBe(IsUnary(method) ? 1 : 0, method.FullName);
            forms.Count.ShouldBe(IsUnary(method) ? 2 : 1, method.FullName);
            forms.ShouldAllBe(endpoint => endpoint.Metadata.GetMetadata<RequiredScope>()!.Scope == IngressServices.ScopeOf(method.Service));
        }
    }

    [Fact]
    public async Task Should_describe_every_field_with_its_comment()
    {
        var document = await DocumentAsync();
        var comments = ProtoComments.Load();

        foreach (var route in HttpRoute.All().Where(route => route.HasBody))
        {
            var properties = document.GetProperty("components").GetProperty("schemas").GetProperty(route.Method.InputType.Name).GetProperty("properties");
            properties.EnumerateObject().Select(property => property.Name).ShouldBe(route.OtherFields.Select(field => field.JsonName), ignoreOrder: true);
            foreach (var field in route.OtherFields) properties.GetProperty(field.JsonName).GetProperty("description").GetString()!.ShouldStartWith(comments.Of(field)!);
        }
    }

    [Fact]
    public void Should_find_a_comment_for_everything_that_the_protos_define()
    {
        var comments = ProtoComments.Load();
        var services = Files.SelectMany(file => file.Services).SelectMany(service => new IDescriptor[] { service }.Concat(service.Methods));
        var messages = Files.SelectMany(file => file.MessageTypes).ToList();
        var enums = Files.SelectMany(file => file.EnumTypes).Concat(messages.SelectMany(message => message.EnumTypes));
        IDescriptor[] all = [.. services, .. messages.SelectMany(message => message.Fields.InDeclarationOrder()), .. enums.SelectMany(type => type.Values)];

        all.Where(descriptor => string.IsNullOrWhiteSpace(comments.Of(descriptor))).Select(descriptor => descriptor.FullName).ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_show_enum_names_with_their_meaning()
    {
        var document = await DocumentAsync();

        var state = document.GetProperty("components").GetProperty("schemas").GetProperty("UserDelivery").GetProperty("properties").GetProperty("state");
        state.GetProperty("enum").EnumerateArray().Select(name => name.GetString()).ShouldContain("WRITTEN");
        state.GetProperty("description").GetString()!.ShouldContain("`WRITTEN`: The operating system took the last byte");
    }

    [Fact]
    public async Task Should_declare_both_ways_to_send_the_key()
    {
        var document = await DocumentAsync();

        document.GetProperty("components").GetProperty("securitySchemes").GetProperty("apiKey").GetProperty("name").GetString().ShouldBe("x-api-key");
        document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString().ShouldBe("bearer");
        document.GetProperty("security").EnumerateArray().SelectMany(requirement => requirement.EnumerateObject()).Select(scheme => scheme.Name).ShouldBe(["apiKey", "bearer"]);
    }

    [Fact]
    public async Task Should_resolve_every_reference()
    {
        var document = await DocumentAsync();
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToHashSet();

        var references = System.Text.RegularExpressions.Regex.Matches(document.GetRawText(), "\"#/components/schemas/([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();

        references.ShouldNotBeEmpty();
        references.ShouldAllBe(name => schemas.Contains(name));
    }

    [Fact]
    public async Task Should_give_examples_that_the_api_accepts()
    {
        var document = await DocumentAsync();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var parameters = operation.Value.TryGetProperty("parameters", out var listed) ? listed.EnumerateArray().ToList() : [];
                var target = parameters
                    .Where(parameter => parameter.GetProperty("in").GetString() == "path")
                    .Aggregate(path.Name, (text, parameter) => text.Replace($"{{{parameter.GetProperty("name").GetString()}}}", Uri.EscapeDataString(parameter.GetProperty("example").ToString()), StringComparison.Ordinal));
                var body = operation.Value.TryGetProperty("requestBody", out var request) ? request.GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText() : null;

                var (status, answer) = await host.SendAsync(HttpMethod.Parse(operation.Name), target, body);

                status.ShouldBe(HttpStatusCode.OK, $"{path.Name}: {answer}");
            }
        }
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using var anonymous = new HttpClient();
        return JsonElement.Parse(await anonymous.GetStringAsync(host.HttpAddress + "/openapi/v1.json"));
    }

    /// <summary>Streams have no HTTP form.</summary>
    private static bool IsUnary(MethodDescriptor method) => !method.IsClientStreaming && !method.IsServerStreaming;

    private static string Route(MethodDescriptor method)
    {
        var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
        return rule.PatternCase == HttpRule.PatternOneofCase.Get ? $"GET {rule.Get}" : $"POST {rule.Post}";
    }
}
