namespace Im.Actors.Downing;

/// <summary>What a try to connect to a port says of who listens there.</summary>
internal enum PortState
{
    /// <summary>The host answers that nobody listens: the process is gone.</summary>
    Refused,

    /// <summary>Somebody accepts connections. Whether it is the member, and whether it is well, is not said.</summary>
    Listening,

    /// <summary>No answer, or one that says nothing of the process: the host is away, the network is cut, the backlog is full.</summary>
    Unknown,
}

/// <summary>Tries whether somebody listens at a port.</summary>
internal interface IPortProbe
{
    /// <summary>Ends within a second or so, and does not fail. Callable from any thread.</summary>
    /// <param name="host">A name or an address, IPv6 in brackets or without.</param>
    Task<PortState> TryAsync(string host, int port);
}
