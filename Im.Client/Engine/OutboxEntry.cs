namespace Im.Client.Engine;

/// <summary>A durable command on its way. Its cid stays the same over all repetitions.</summary>
/// <param name="finished">Told once: the success or the final refusal, or null when the client stopped first.</param>
internal sealed class OutboxEntry(ImQueuedCommand command, byte[] data, Action<OutboxEntry, Reply?> finished)
{
    public string Cid => command.Cid;

    public string Command => command.Command;

    public string Conversation => command.Conversation;

    public byte[] Data => data;

    /// <summary>Unix milliseconds; 0 until it goes out.</summary>
    public long FirstSentMs { get; set; } = command.FirstSentMs;

    /// <summary>It was answered with a temporary code and waits for the others of its lane.</summary>
    public bool IsRefused { get; set; }

    public ImQueuedCommand ToQueued() => command with { FirstSentMs = FirstSentMs };

    public void Finish(Reply? reply) => finished(this, reply);
}
