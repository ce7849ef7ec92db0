namespace Im.Client.Engine;

/// <summary>
/// How far other members are, as they were told: a receipt may be overtaken by a later one where connections between nodes break, and a mark never goes back.
/// </summary>
internal sealed class ReceiptMarks
{
    /// <summary>Beyond it all are forgotten; then one mark may go back once.</summary>
    public const int MaxCount = 10_000;

    private readonly Dictionary<(string Conversation, string User), (long Delivered, long Read)> _highest = [];

    /// <summary>The conversation begins anew with another epoch, and so do the marks.</summary>
    public void Forget(string conversation)
    {
        foreach (var key in _highest.Keys.Where(key => key.Conversation == conversation).ToList()) _highest.Remove(key);
    }

    /// <returns>What of it is news; null when nothing is.</returns>
    public ImReceipt? Take(ImReceipt receipt)
    {
        var key = (receipt.Conversation, receipt.User);
        var known = _highest.GetValueOrDefault(key);
        var news = receipt with
        {
            Delivered = receipt.Delivered > known.Delivered ? receipt.Delivered : null,
            Read = receipt.Read > known.Read ? receipt.Read : null,
        };
        if (news is { Delivered: null, Read: null }) return null;
        if (_highest.Count >= MaxCount) _highest.Clear();
        _highest[key] = (Math.Max(known.Delivered, news.Delivered ?? 0), Math.Max(known.Read, news.Read ?? 0));
        return news;
    }
}
