using Im.Actors.Sessions;
using Im.Actors.Telemetry;

namespace Im.Actors.Edge;

/// <summary>One push under way to one user. Used by the collector alone; the caller awaits <see cref="Task"/>.</summary>
internal sealed class PendingPush(string messageId, TimeProvider time, TimeSpan timeout)
{
    private readonly TaskCompletionSource<UserPushResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = time.GetTimestamp();
    private readonly List<DeviceDelivery> _devices = [];
    private bool _routed;

    public string MessageId { get; } = messageId;

    public Task<UserPushResult> Task => _completion.Task;

    /// <returns>True when nothing more is awaited.</returns>
    public bool Routed(PushEvents.Routed routed)
    {
        if (_routed) return false;
        _routed = true;
        foreach (var device in routed.Devices)
        {
            var index = _devices.FindIndex(known => known.ConnectionId == device.ConnectionId);
            if (index >= 0) _devices[index] = _devices[index] with { Device = device.Device, Platform = device.Platform };
            else _devices.Add(new DeviceDelivery(device.Device, device.Platform, device.ConnectionId, DeliveryState.Pending, "timeout", default));
        }

        return CompleteWhenSettled();
    }

    /// <summary>A device's result may overtake the routing.</summary>
    public bool Observed(PushEvents.DeviceResult result, long now)
    {
        var index = _devices.FindIndex(device => device.ConnectionId == result.ConnectionId);
        var known = index >= 0 ? _devices[index] : new DeviceDelivery(result.ConnectionId, "", result.ConnectionId, DeliveryState.Pending, null, default);
        var observed = known with { State = result.State, Why = result.Why, Took = time.GetElapsedTime(_started, now) };
        if (index >= 0) _devices[index] = observed;
        else _devices.Add(observed);
        return CompleteWhenSettled();
    }

    /// <summary>Ends the push with what was reached when its time is up.</summary>
    public bool IsOver(long now)
    {
        if (time.GetElapsedTime(_started, now) < timeout) return false;
        Complete();
        return true;
    }

    private bool CompleteWhenSettled()
    {
        if (!_routed || _devices.Exists(device => device is { State: DeliveryState.Pending, Why: "timeout" })) return false;
        Complete();
        return true;
    }

    private void Complete()
    {
        var state = !_routed ? DeliveryState.Unknown : _devices.Count == 0 ? DeliveryState.Offline : _devices.Max(device => device.State);
        ImMetrics.Pushed(state);
        _completion.TrySetResult(new UserPushResult(MessageId, false, state, _devices, time.GetElapsedTime(_started)));
    }
}
