using Im.Actors.Connections;

namespace Im.Actors.Relays;

/// <summary>
/// The members of one conversation on one egress lane. Touched by that lane's thread alone: changes and fan-outs come
/// as jobs, in order. Removal scans: about a microsecond per thousand members, and no index to keep per member.
/// </summary>
internal sealed class LaneRoom
{
    private ConnectionSlot[] _members = [];
    private int _count;

    public ReadOnlySpan<ConnectionSlot> Members => _members.AsSpan(0, _count);

    public void Add(ConnectionSlot slot)
    {
        if (_count == _members.Length) Array.Resize(ref _members, Math.Max(4, _count + (_count >> 1)));
        _members[_count++] = slot;
    }

    public void Remove(ConnectionSlot slot)
    {
        var index = Array.IndexOf(_members, slot, 0, _count);
        if (index < 0) return;
        _members[index] = _members[--_count];
        _members[_count] = null!;
        if (_count == 0) _members = [];
        else if (_count < _members.Length / 4) Array.Resize(ref _members, _members.Length / 2);
    }
}
