using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Ingress.Validation;
using RpcStatus = Google.Rpc.Status;

namespace Im.Node.Ingress.Errors;

/// <summary>Every error that the API answers by itself, as google.rpc.Status: what is wrong, where, and what to do about it.</summary>
internal static class IngressErrors
{
    /// <summary>After what time an overloaded node may be asked again.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public static RpcStatus Unauthenticated() =>
        Of(Code.Unauthenticated, $"No valid API key: send one in the header {ApiKeyGate.Header}, or as authorization: Bearer.");

    public static RpcStatus MissingScope(ApiKeyIdentity key, string scope) =>
        Of(Code.PermissionDenied, $"API key '{key.Id}' lacks the scope '{scope}': use a key that has it.");

    /// <param name="violations">At least one.</param>
    public static RpcStatus Invalid(IReadOnlyList<BadRequest.Types.FieldViolation> violations)
    {
        var status = Of(Code.InvalidArgument, string.Join(" ", violations.Select(violation => $"{violation.Field}: {violation.Description}")));
        status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { violations } }));
        return status;
    }

    public static RpcStatus Invalid(string field, string description) =>
        Invalid([new BadRequest.Types.FieldViolation { Field = field, Description = description }]);

    /// <param name="type">Upper case, for programs.</param>
    public static RpcStatus Precondition(string type, string field, string description)
    {
        var status = Of(Code.FailedPrecondition, description);
        status.Details.Add(Any.Pack(new PreconditionFailure
        {
            Violations = { new PreconditionFailure.Types.Violation { Type = type, Subject = field, Description = description } },
        }));
        return status;
    }

    public static RpcStatus UnknownApp(uint app, IEnumerable<uint> known) =>
        Of(Code.NotFound, $"app: {app} is not configured on this server; known are {string.Join(", ", known.Order())}.");

    public static RpcStatus UnknownNode(string node, IEnumerable<string> known) =>
        Of(Code.NotFound, $"node: the cluster has no {Violations.Shown(node)}; its members are {string.Join(", ", known)}.");

    public static RpcStatus SilentNode(string address)
    {
        var status = Of(Code.Unavailable, $"{address} did not answer; it may drain or not. Try again after {RetryDelay.TotalSeconds:0} s: a node that drains already goes on.");
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryDelay) }));
        return status;
    }

    public static RpcStatus NoSuchRoute(string method, string path) =>
        Of(Code.NotFound, $"There is no {method} {path}: see /docs for the routes.");

    /// <summary>Nothing was sent; the caller may try again after the delay in the details.</summary>
    public static RpcStatus Overloaded(string what)
    {
        var status = Of(Code.Unavailable, $"Overloaded, nothing was sent: {what}. Try again after {RetryDelay.TotalSeconds:0} s.");
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryDelay) }));
        return status;
    }

    /// <summary>The gate of this node is closed; nothing was done, and another node may answer.</summary>
    public static RpcStatus StoodStill()
    {
        var status = Of(Code.Unavailable, $"This node stood still and waits for the others to confirm it; nothing was done. Try again after {RetryDelay.TotalSeconds:0} s.");
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryDelay) }));
        return status;
    }

    public static RpcStatus DeadlineExceeded() =>
        Of(Code.DeadlineExceeded, "The deadline passed before the answer was complete; what was done until then is unknown.");

    /// <summary>A defect; its reason is in the log alone.</summary>
    public static RpcStatus Internal() => Of(Code.Internal, "Internal error; the server's log has the reason.");

    public static RpcStatus Stopping() => Of(Code.Unavailable, "The node stops; what was answered stands. Open the stream again.");

    private static RpcStatus Of(Code code, string message) => new() { Code = (int)code, Message = message };
}
