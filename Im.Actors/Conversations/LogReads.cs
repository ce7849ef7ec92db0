using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Actors.Messages;
using Im.Protocol.Names;

namespace Im.Actors.Conversations;

/// <summary>What a log asks its store; every question is answered to the owner's actor, also when the store fails.</summary>
internal sealed class LogReads(ConversationKey key, IMessageStore store, ILogOwner owner)
{
    private static readonly Dictionary<(string Sender, string Cid), CidRow> NoCids = [];

    /// <summary>The row was read.</summary>
    internal sealed record Loaded(bool IsAvailable, ConversationRow? Row) : ILocalMessage;

    /// <summary>Stored cids that were asked for, for one request.</summary>
    internal sealed record CidFound(LogRequest Request, bool IsAvailable, CidRow? Row, LogDecision Otherwise) : ILocalMessage;

    /// <summary>The record that an edit or recall is about, read when it was its turn.</summary>
    internal sealed record TargetRead(AmendRequest Request, HistoryPage Page) : ILocalMessage;

    /// <summary>After an append of unknown outcome: the locked row, and which cids of the part are there.</summary>
    internal sealed record Recovered(bool IsAvailable, ConversationRow? Row, IReadOnlyDictionary<(string Sender, string Cid), CidRow> Found) : ILocalMessage;

    public void Load() => LoadAsync().PipeTo(owner.Self);

    public void FindCid(LogRequest request, LogDecision otherwise) => FindCidAsync(request, otherwise).PipeTo(owner.Self);

    public void Recover(IReadOnlyList<LogRequest> inFlight) => RecoverAsync([.. inFlight.Select(request => request.Key).OfType<(string, string)>()]).PipeTo(owner.Self);

    public void ReadTarget(AmendRequest amend) => store.ReadAsync(new HistoryQuery(key, null, null, amend.TargetMseq - 1, 1))
        .PipeTo(owner.Self, owner.Self, page => new TargetRead(amend, page), _ => new TargetRead(amend, HistoryPage.Of(ReadOutcome.Unavailable)));

    private async Task<Loaded> LoadAsync()
    {
        try
        {
            var (available, row) = await store.LoadAsync(key, locked: false).ConfigureAwait(false);
            return new Loaded(available, row);
        }
        catch (Exception)
        {
            return new Loaded(false, null);
        }
    }

    private async Task<CidFound> FindCidAsync(LogRequest request, LogDecision otherwise)
    {
        var cid = request.Key!.Value;
        try
        {
            var (available, found) = await store.FindCidsAsync(key, [cid]).ConfigureAwait(false);
            return new CidFound(request, available, found.GetValueOrDefault(cid), otherwise);
        }
        catch (Exception)
        {
            return new CidFound(request, false, null, otherwise);
        }
    }

    private async Task<Recovered> RecoverAsync((string Sender, string Cid)[] cids)
    {
        try
        {
            var (available, row) = await store.LoadAsync(key, locked: true).ConfigureAwait(false);
            if (!available) return new Recovered(false, null, NoCids);
            var (answered, found) = await store.FindCidsAsync(key, cids).ConfigureAwait(false);
            return new Recovered(answered, row, found);
        }
        catch (Exception)
        {
            return new Recovered(false, null, NoCids);
        }
    }
}
