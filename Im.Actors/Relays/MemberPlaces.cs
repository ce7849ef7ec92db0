using Im.Actors.Connections;

namespace Im.Actors.Relays;

/// <summary>
/// Members that came in while records were missing here, and up to which record each reads for itself. The relay writes it; lanes read the tables that
/// <see cref="At"/> gave out, which are never written again: the next change copies first, so that a catch-up of any length shares one table.
/// </summary>
internal sealed class MemberPlaces
{
    private Dictionary<ConnectionSlot, long> _places = [];
    private bool _isShared;
    private long _highest;

    /// <summary>A place stays until records have passed the highest.</summary>
    public int Count => _places.Count;

    public void Set(ConnectionSlot slot, long mseq)
    {
        Own();
        _places[slot] = mseq;
        _highest = Math.Max(_highest, mseq);
    }

    public void Remove(ConnectionSlot slot)
    {
        if (!_places.ContainsKey(slot)) return;
        Own();
        _places.Remove(slot);
    }

    /// <summary>Members' places, for a record whose place is compared with them on the lanes; null when every member has passed its own. Records are asked about in their order.</summary>
    public IReadOnlyDictionary<ConnectionSlot, long>? At(long mseq)
    {
        if (_places.Count == 0) return null;
        if (mseq > _highest)
        {
            Clear();
            return null;
        }

        _isShared = true;
        return _places;
    }

    public void Clear()
    {
        _places = [];
        _isShared = false;
        _highest = 0;
    }

    private void Own()
    {
        if (!_isShared) return;
        _places = new Dictionary<ConnectionSlot, long>(_places);
        _isShared = false;
    }
}
