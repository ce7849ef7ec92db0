using Akka.Event;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace Im.Node.Clustering.Door;

/// <summary>
/// A connection that came in. Its first message says whom it is from; until the <see cref="ClusterDoor"/> has judged that, nothing of
/// it goes on to Akka. Its events come one after the other.
/// </summary>
internal sealed class InboundHandle : AssociationHandle, IHandleEventListener
{
    private readonly AssociationHandle _inner;
    private readonly ClusterDoor _door;
    private readonly ILoggingAdapter _log;
    private IHandleEventListener _reader = null!;
    private bool _isIn;
    private volatile bool _isOut;

    public InboundHandle(AssociationHandle inner, ClusterDoor door, ILoggingAdapter log)
        : base(inner.LocalAddress, inner.RemoteAddress)
    {
        _inner = inner;
        _door = door;
        _log = log;
        Peer = $"{inner.RemoteAddress.Host}:{inner.RemoteAddress.Port}";
        _door.Opened(this);
        ReadHandlerSource.Task.ContinueWith(
            reader => Read(reader.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The end point that connected, as the TLS handshake names it.</summary>
    public string Peer { get; }

    public override bool Write(ByteString payload) => _inner.Write(payload);

    [Obsolete("As in the base class.")]
    public override void Disassociate()
    {
        _door.Ended(this);
        _inner.Disassociate("it is closed here", _log);
    }

    /// <summary>Ends it, and tells Akka so.</summary>
    public void Drop(string why)
    {
        _isOut = true;
        _inner.Disassociate(why, _log);
        _reader?.Notify(new Disassociated(DisassociateInfo.Unknown));
    }

    public void Notify(IHandleEvent ev)
    {
        if (!_isIn && !MayPass(ev)) return;
        _reader.Notify(ev);
    }

    private bool MayPass(IHandleEvent ev)
    {
        if (_isOut) return false;
        if (ev is not InboundPayload first)
        {
            if (ev is Disassociated) _door.Ended(this);
            return true;
        }

        return _isIn = _door.LetsIn(this, first.Payload);
    }

    private void Read(IHandleEventListener reader)
    {
        _reader = reader;
        _inner.ReadHandlerSource.TrySetResult(this);
    }
}
