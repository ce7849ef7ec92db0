using Im.Protocol;
using Xunit;

namespace Im.Tests.BadInput;

/// <summary>Wrong requests of one command: who sends it, its data, the reply code, and the member that the reply names.</summary>
/// <remarks>
/// alice owns g:team and is in r:tea, dave is a muted member of g:team, mallory has logged in and is in nothing, nobody has not logged in. See
/// <see cref="CommandWorld"/> for the records that are there.
/// </remarks>
public sealed class CommandTable : TheoryData<string, string, int, string?>
{
    private const int BadParameter = (int)ReplyCode.BadParameter;

    /// <summary>Data that is no object.</summary>
    internal CommandTable NotObjects(string? field = "data")
    {
        foreach (var data in Shapes.NotObjects) Add("alice", data, BadParameter, field);
        return this;
    }

    /// <summary>Each value in the place of <c>%</c>, sent by alice.</summary>
    internal CommandTable Each(IEnumerable<string> values, string template, string? field, ReplyCode code = ReplyCode.BadParameter)
    {
        foreach (var value in values) Add("alice", template.Replace("%", value, StringComparison.Ordinal), (int)code, field);
        return this;
    }

    /// <summary>One request.</summary>
    internal CommandTable One(string who, string data, ReplyCode code, string? field = "conv")
    {
        Add(who, data, (int)code, field);
        return this;
    }

    /// <summary>A request that needs a login, by who has none.</summary>
    internal CommandTable NeedsLogin(string data) => One("nobody", data, ReplyCode.NotLoggedIn, null);
}
