using Im.Actors.Sessions;
using Im.Actors.Telemetry;

namespace Im.Actors.Edge;

/// <summary>One push under way to one user. Used by the collector alone; the caller awaits <see cref="Task"/>.</summary>
/// <param name="isDurable">It goes by the inbox: nothing is answered before it is stored, and its devices are watched on after the answer.</param>
internal sealed class PendingPush(string messageId, bool isDurable, WaitFor waitFor, TimeProvider time, TimeSpan timeout)
{
    private const string TimedOut = "timeout";

    private readonly TaskCompletionSource<UserPushResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = time.GetTimestamp();
    private readonly List<DeviceDelivery> _devices = [];
    private bool _routed;
    private bool _isPartial;   // the session did not know all of the user's devices
    private bool _stored;

    public string MessageId { get; } = messageId;

    public bool IsDurable { get; } = isDurable;

    public Task<UserPushResult> Task => _completion.Task;

    public TimeSpan Took => time.GetElapsedTime(_started);

    /// <summary>What was observed until now; <c>Why</c> is null where a result is awaited.</summary>
    public IReadOnlyList<DeviceDelivery> Devices => [.. _devices];

    /// <returns>True when nothing more is awaited, here and below.</returns>
    public bool Stored()
    {
        _stored = true;
        return CompleteWhenSettled();
    }

    public bool Routed(PushEvents.Routed routed)
    {
        if (_routed) return false;
        _routed = true;
        _isPartial = routed.IsPartial;
        foreach (var device in routed.Devices)
        {
            var index = _devices.FindIndex(known => known.ConnectionId == device.ConnectionId);
            if (index >= 0) _devices[index] = _devices[index] with { Device = device.Device, Platform = device.Platform };
            else _devices.Add(new DeviceDelivery(device.Device, device.Platform, device.ConnectionId, DeliveryState.Pending, null, default));
        }

        return CompleteWhenSettled();
    }

    /// <summary>A device's result may overtake the routing, which says whose connection it is, and an ack the write that it answers.</summary>
    public bool Observed(PushEvents.DeviceResult result, long now)
    {
        var index = _devices.FindIndex(device => device.ConnectionId == result.ConnectionId);
        var known = index >= 0 ? _devices[index] : new DeviceDelivery("", "", result.ConnectionId, DeliveryState.Pending, null, default);
        if (result.State < known.State) return false;
        var observed = known with { State = result.State, Why = result.Why, Took = time.GetElapsedTime(_started, now) };
        if (index >= 0) _devices[index] = observed;
        else _devices.Add(observed);
        return CompleteWhenSettled();
    }

    /// <summary>Ends the push with what was reached when its time is up.</summary>
    public bool IsOver(long now)
    {
        if (time.GetElapsedTime(_started, now) < timeout) return false;
        Complete([.. _devices.Select(device => IsAwaited(device) ? device with { Why = TimedOut } : device)]);
        return true;
    }

    private bool CompleteWhenSettled()
    {
        if (_completion.Task.IsCompleted || !IsSettled()) return false;
        Complete(Devices);
        return true;
    }

    private bool IsSettled() => waitFor switch
    {
        _ when IsDurable && !_stored => false,
        WaitFor.Stored => true,
        WaitFor.Acked => _routed && (_devices.Exists(device => device.State == DeliveryState.Acked) || _devices.TrueForAll(device => device.State == DeliveryState.Failed)),
        _ => _routed && !_devices.Exists(IsAwaited),
    };

    private static bool IsAwaited(DeviceDelivery device) => device is { State: DeliveryState.Pending, Why: null };

    private void Complete(IReadOnlyList<DeviceDelivery> devices)
    {
        var observed = (!_routed || _isPartial) && devices.Count == 0 ? DeliveryState.Unknown : devices.Count == 0 ? DeliveryState.Offline : devices.Max(device => device.State);
        var state = _stored && observed < DeliveryState.Stored ? DeliveryState.Stored : observed;
        ImMetrics.Pushed(state);
        _completion.TrySetResult(new UserPushResult(MessageId, false, state, devices, Took));
    }
}
