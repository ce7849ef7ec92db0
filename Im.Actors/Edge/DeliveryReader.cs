using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>What is known of a stored push after its answer: from the store, and what this node's collector still holds.</summary>
internal sealed class DeliveryReader(IMessageStore store, IActorRef collector)
{
    /// <summary>The collector is on this node; what it cannot say in time is not claimed.</summary>
    private static readonly TimeSpan CollectorTimeout = TimeSpan.FromSeconds(1);

    public async Task<DeliveryResult> FindAsync(AppId app, string messageId, CancellationToken cancellation)
    {
        var row = await store.FindDeliveryAsync(app, messageId, cancellation).ConfigureAwait(false);
        if (row is null) return DeliveryResult.Refused(store.IsAvailable ? ReplyCode.NoData : ReplyCode.Overloaded, messageId);
        var devices = Merge(await ObservedAsync(messageId, cancellation).ConfigureAwait(false), row.Acked);
        return new DeliveryResult(ReplyCode.Success, messageId, row.User, row.Conversation, row.Epoch, row.Mseq, StateOf(devices), devices);
    }

    /// <summary>The highest of the devices, of a push that is stored.</summary>
    public static DeliveryState StateOf(IReadOnlyList<DeviceDelivery> devices)
    {
        var highest = devices.Count == 0 ? DeliveryState.Stored : devices.Max(device => device.State);
        return highest < DeliveryState.Stored ? DeliveryState.Stored : highest;
    }

    private async Task<IReadOnlyList<DeviceDelivery>> ObservedAsync(string messageId, CancellationToken cancellation)
    {
        try
        {
            var found = await collector.Ask<PushCollectorActor.Found>(new PushCollectorActor.Find(messageId), CollectorTimeout, cancellation).ConfigureAwait(false);
            return found.Devices;
        }
        catch (AskTimeoutException)
        {
            return [];
        }
    }

    /// <summary>A device may have come back by another connection since, and acked there.</summary>
    private static List<DeviceDelivery> Merge(IReadOnlyList<DeviceDelivery> observed, IReadOnlyList<string> acked)
    {
        var devices = observed.Select(device => acked.Contains(device.Device) && device.State != DeliveryState.Acked ? device with { State = DeliveryState.Acked, Why = null, Took = default } : device).ToList();
        devices.AddRange(acked.Where(name => !devices.Exists(device => device.Device == name)).Select(name => new DeviceDelivery(name, "", "", DeliveryState.Acked, null, default)));
        return devices;
    }
}
