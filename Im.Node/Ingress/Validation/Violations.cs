using Google.Rpc;
using Im.Node.Ingress.Errors;
using RpcStatus = Google.Rpc.Status;

namespace Im.Node.Ingress.Validation;

/// <summary>Collects everything that is wrong with a request, so that its caller can mend it in one go.</summary>
internal sealed class Violations
{
    private const int ShownLength = 40;

    /// <summary>An array of 1,000 bad members is told by its first ones.</summary>
    private const int MaxCount = 10;

    private readonly List<BadRequest.Types.FieldViolation> _found = [];
    private RpcStatus? _refusal;

    /// <param name="field">As in JSON, with an index for a member of a list: <c>users[3]</c>.</param>
    /// <param name="description">The value, the rule, and what to do.</param>
    public void Add(string field, string description)
    {
        if (_found.Count < MaxCount) _found.Add(new BadRequest.Types.FieldViolation { Field = field, Description = description });
    }

    /// <summary>A well-formed request that cannot be served; told only when nothing is malformed. The first one counts.</summary>
    public void Refuse(RpcStatus status) => _refusal ??= status;

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT when anything was found, else the refusal, if any.</exception>
    public void ThrowIfAny()
    {
        if (_found.Count > 0) throw IngressErrors.Invalid(_found).ToException();
        if (_refusal is not null) throw _refusal.ToException();
    }

    /// <summary>A value as an error may show it: quoted, shortened, without control characters.</summary>
    public static string Shown(string value)
    {
        var text = string.Concat(value.Take(ShownLength).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));
        return value.Length > ShownLength ? $"'{text}…'" : $"'{text}'";
    }
}
