using HdrHistogram;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Freeze;

/// <summary>
/// Broadcasts at a rate, to each room in turn. Members check and time each from when it was due, in the part of the run in which it was due. Rooms of one kind
/// (whose owner lives on the node that is frozen, or elsewhere) are counted together.
/// </summary>
internal sealed class RoomsLoad : IPushSink
{
    private const int Parts = 4;

    private readonly FreezePlan _plan;
    private readonly DeliveryBook[] _books;   // by kind: what is lost with the frozen node is no fault of the others
    private readonly LongHistogram[,,] _latency;
    private readonly long[,] _deliveries = new long[2, Parts];
    private readonly int[,] _refused = new int[2, Parts];
    private readonly int[] _sent;
    private readonly int[,] _sentOf = new int[2, Parts];
    private readonly bool[] _isOnFrozen;
    private Crowd _crowd = null!;
    private volatile LoadPass? _pass;
    private long _warmedAt = long.MaxValue;
    private long _frozenAt = long.MaxValue;
    private long _thawedAt = long.MaxValue;
    private int _lost;

    public RoomsLoad(FreezePlan plan, int threads)
    {
        _plan = plan;
        _books = [new DeliveryBook(plan.Connections, 0), new DeliveryBook(plan.Connections, 0)];
        _latency = new LongHistogram[threads, 2, Parts];
        for (var place = 0; place < _latency.Length; place++) _latency[place / Parts / 2, place / Parts % 2, place % Parts] = Latencies.Create();
        _sent = new int[plan.Rooms];
        _isOnFrozen = new bool[plan.Rooms];
    }

    /// <summary>Connections that ended.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Deliveries so far.</summary>
    public long Deliveries => _deliveries.Cast<long>().Sum();

    /// <summary>Everything that was due has been sent.</summary>
    public bool IsSent => _pass is { } pass && _sent.Sum() >= pass.Count;

    public void Use(Crowd crowd) => _crowd = crowd;

    /// <summary>The room's owner lives on the node that will be frozen. Before the load begins.</summary>
    public void PutOnFrozen(int room) => _isOnFrozen[room] = true;

    public int RoomsOnFrozen => _isOnFrozen.Count(isOn => isOn);

    /// <summary>The warm-up is over.</summary>
    public void Warmed(long at) => Interlocked.Exchange(ref _warmedAt, at);

    /// <param name="pass">Lane n is room n.</param>
    public void Begin(LoadPass pass) => _pass = pass;

    public void Froze(long at) => Interlocked.Exchange(ref _frozenAt, at);

    public void Thawed(long at) => Interlocked.Exchange(ref _thawedAt, at);

    /// <summary>Every member of the rooms that live elsewhere has all that was sent.</summary>
    public bool IsComplete => Enumerable.Range(0, _plan.Connections).All(index => IsSender(index) || _isOnFrozen[RoomOf(index)] || _books[0].NextOf(index) >= _sent[RoomOf(index)]);

    /// <param name="isOnFrozen">Of the rooms whose owner lives on the node that is frozen, or of the others.</param>
    public FreezeFigures Figures(bool isOnFrozen, FreezePart part)
    {
        var (kind, place) = (isOnFrozen ? 1 : 0, (int)part);
        var histograms = Enumerable.Range(0, _latency.GetLength(0)).Select(thread => _latency[thread, kind, place]);
        return new FreezeFigures(part, Volatile.Read(ref _sentOf[kind, place]), (long)_sentOf[kind, place] * _plan.Members, Interlocked.Read(ref _deliveries[kind, place]), Volatile.Read(ref _refused[kind, place]), Latencies.Merge(histograms).Summarize());
    }

    /// <summary>What members of the rooms that live elsewhere got wrong.</summary>
    public DeliveryFaults Faults =>
        _books[0].Close([.. Enumerable.Range(0, _plan.Connections).Select(index => IsSender(index) || _isOnFrozen[RoomOf(index)] ? 0 : _sent[RoomOf(index)])]);

    public void OnPush(ClientConnection connection, in WireMessage push, long now)
    {
        var room = RoomOf(connection.Index);
        var kind = _isOnFrozen[room] ? 1 : 0;
        if (push.Kind == WireKind.Sent)
        {
            if (push.Code != 200) Interlocked.Increment(ref _refused[kind, (int)PartOf(Marker.At(now))]);
            return;
        }

        if (push.Kind != WireKind.Broadcast || IsSender(connection.Index) || !_books[kind].Note(connection.Index, push.Number / _plan.Rooms)) return;
        var part = (int)PartOf(push.SentAt);
        _latency[_crowd.ReactorOf(connection.Index), kind, part].RecordTicks(Marker.At(now) - push.SentAt);
        Interlocked.Increment(ref _deliveries[kind, part]);
    }

    public void OnTurn(int reactor, long now)
    {
        if (_pass is not { } pass) return;
        for (var room = 0; room < _plan.Rooms; room++)
        {
            var sender = (room + 1) * _plan.RoomConnections - 1;
            if (_crowd.ReactorOf(sender) != reactor) continue;
            while (pass.DueAt(room, _sent[room]) is var due && due <= now)
            {
                _crowd.SendBroadcast(_crowd[sender], _sent[room] * _plan.Rooms + room, Marker.At(due), _plan.SizeBytes);
                Interlocked.Increment(ref _sent[room]);
                Interlocked.Increment(ref _sentOf[_isOnFrozen[room] ? 1 : 0, (int)PartOf(Marker.At(due))]);
            }
        }
    }

    public void OnLost(ClientConnection connection, string cause, long now) => Interlocked.Increment(ref _lost);

    private int RoomOf(int index) => index / _plan.RoomConnections;

    private bool IsSender(int index) => index % _plan.RoomConnections == _plan.Members;

    /// <param name="due">On the marker's clock.</param>
    private FreezePart PartOf(long due) =>
        due < Interlocked.Read(ref _warmedAt) ? FreezePart.WarmUp
        : due < Interlocked.Read(ref _frozenAt) ? FreezePart.Before
        : due < Interlocked.Read(ref _thawedAt) ? FreezePart.Frozen : FreezePart.After;
}

/// <summary>One kind of rooms in one part of the run.</summary>
/// <param name="Sent">Broadcasts.</param>
/// <param name="Due">Deliveries that these come to.</param>
/// <param name="Refused">Broadcasts that were answered with anything but 200, in that time.</param>
internal sealed record FreezeFigures(FreezePart Part, int Sent, long Due, long Deliveries, int Refused, LatencySummary Latency);
