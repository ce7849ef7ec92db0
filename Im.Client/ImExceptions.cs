using Im.Protocol;

namespace Im.Client;

/// <summary>The server refused a command for good: nothing was stored.</summary>
public sealed class ImRefusedException : Exception
{
    /// <summary>Creates it from a reply.</summary>
    public ImRefusedException(ReplyCode code, string? message, string? field = null)
        : base($"{(int)code} {message ?? code.Text()}{(field is null ? "" : $" ({field})")}")
    {
        Code = code;
        Field = field;
    }

    /// <summary>The reply's code.</summary>
    public ReplyCode Code { get; }

    /// <summary>The member of the command that was wrong, when the server named one.</summary>
    public string? Field { get; }
}

/// <summary>The bounded queue of unsent commands is full; nothing was queued. Wait for answers, or raise <see cref="ImChatClientOptions.MaxQueuedCount"/>.</summary>
public sealed class ImQueueFullException : Exception
{
    /// <summary>Creates it with the bound that was reached.</summary>
    public ImQueueFullException(int bound)
        : base($"{bound} commands wait for the server already.")
    {
    }
}

/// <summary>The client stopped before the command was answered. A durable command may have been stored; its cid can be sent again by another client.</summary>
public sealed class ImStoppedException : Exception
{
    /// <summary>Creates it with the reason of the stop.</summary>
    public ImStoppedException(string? reason)
        : base($"The client is stopped: {reason ?? "disposed"}")
    {
    }
}

/// <summary>The connection was lost before a command that is never repeated was answered (an ephemeral message).</summary>
public sealed class ImConnectionLostException : Exception
{
    /// <summary>Creates it.</summary>
    public ImConnectionLostException()
        : base("The connection is not up; an ephemeral message is not repeated.")
    {
    }
}
