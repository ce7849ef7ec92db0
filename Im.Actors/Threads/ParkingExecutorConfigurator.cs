using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Im.Actors.Threads;

/// <summary>
/// Makes the threads of a dispatcher with <c>executor = "Im.Actors.Threads.ParkingExecutorConfigurator, Im.Actors"</c>, as many as the machine
/// has processors, but no fewer than <c>threads.min</c> and no more than <c>threads.max</c> (default 1 and 8).
/// </summary>
internal sealed class ParkingExecutorConfigurator : ExecutorServiceConfigurator
{
    private readonly int _threadsCount;

    public ParkingExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        var min = config.GetInt("threads.min", 1);
        var max = config.GetInt("threads.max", 8);
        if (min < 1 || max < min)
        {
            throw new ConfigurationException($"{config.GetString("id")}: threads.min is {min} and threads.max {max}; both must be 1 or more, and min no more than max");
        }

        _threadsCount = Math.Clamp(Environment.ProcessorCount, min, max);
    }

    public override ExecutorService Produce(string id) =>
        new ParkingExecutor(id, _threadsCount, thrown => Prerequisites.EventStream.Publish(new Error(thrown, id, typeof(ParkingExecutor), "A run threw; its thread goes on")));
}
