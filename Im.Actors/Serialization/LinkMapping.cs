using System.Runtime.Serialization;
using Google.Protobuf;
using Im.Actors.Links;

namespace Im.Actors.Serialization;

internal static class LinkMapping
{
    public static Wire.LinkHello ToWire(LinkMessages.Hello hello) => new() { Link = hello.Link };

    public static LinkMessages.Hello FromWire(Wire.LinkHello wire, References references) => new(wire.Link);

    public static Wire.LinkOpened ToWire(LinkMessages.Opened opened) => new() { Link = opened.Link };

    public static LinkMessages.Opened FromWire(Wire.LinkOpened wire, References references) => new(wire.Link);

    public static Wire.LinkAck ToWire(LinkMessages.Ack ack) => new() { Number = ack.Number };

    public static LinkMessages.Ack FromWire(Wire.LinkAck wire, References references) => new(wire.Number);

    /// <summary>Each path is written once; items name its place.</summary>
    public static Wire.LinkBatch ToWire(LinkMessages.Batch batch)
    {
        var wire = new Wire.LinkBatch { Number = batch.Number };
        var places = new Dictionary<string, uint>(StringComparer.Ordinal);
        foreach (var item in batch.Items)
        {
            wire.Items.Add(new Wire.LinkItem
            {
                Receiver = Place(item.Receiver),
                Region = Region(item.Region),
                Sender = Place(item.Sender),
                Manifest = item.Manifest,
                Body = UnsafeByteOperations.UnsafeWrap(item.Body),
            });
        }

        return wire;

        uint Place(string path)
        {
            if (path.Length == 0) return 0;
            if (places.TryGetValue(path, out var place)) return place;
            wire.Paths.Add(path);
            return places[path] = (uint)wire.Paths.Count;
        }
    }

    public static LinkMessages.Batch FromWire(Wire.LinkBatch wire, References references)
    {
        var items = new LinkItem[wire.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var item = wire.Items[i];
            items[i] = new LinkItem(Path(item.Receiver), Region(item.Region), Path(item.Sender), item.Manifest, item.Body.Memory);
        }

        return new LinkMessages.Batch(wire.Number, items);

        string Path(uint place)
        {
            if (place == 0) return "";
            return place <= wire.Paths.Count ? wire.Paths[(int)place - 1] : throw new SerializationException("A batch names a path that it does not have.");
        }
    }

    private static Wire.LinkRegion Region(LinkRegion region) => region switch
    {
        LinkRegion.Sessions => Wire.LinkRegion.Sessions,
        LinkRegion.Conversations => Wire.LinkRegion.Conversations,
        _ => Wire.LinkRegion.Unspecified,
    };

    private static LinkRegion Region(Wire.LinkRegion region) => region switch
    {
        Wire.LinkRegion.Unspecified => LinkRegion.None,
        Wire.LinkRegion.Sessions => LinkRegion.Sessions,
        Wire.LinkRegion.Conversations => LinkRegion.Conversations,
        _ => throw new SerializationException("A region that this version does not know."),
    };
}
