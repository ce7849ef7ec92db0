namespace Im.Client.Engine;

/// <summary>What the engine asks of the world. Every member is called from the client's loop and returns at once.</summary>
internal interface IEngineHost
{
    IImClientStore Store { get; }

    /// <summary>Begins a connection attempt; its end is told by <see cref="ClientEngine.OnOpened"/> or <see cref="ClientEngine.OnConnectFailed"/>.</summary>
    void Connect();

    /// <summary>Gives the connection up, whatever it is doing; nothing more is told of it.</summary>
    void Disconnect();

    /// <summary>Sends a text message on the open connection.</summary>
    void Transmit(byte[] json);

    /// <summary>Hands a record to the application, which answers with <see cref="ClientEngine.OnTaken"/> when it took it.</summary>
    void Apply(ImRecord record);

    void Notice(ImNotice notice);

    void Changed(ImStateChange change);

    /// <summary>The token is about to expire; a new one comes by <see cref="ClientEngine.Call"/> with <c>token</c>.</summary>
    void WantToken();
}
