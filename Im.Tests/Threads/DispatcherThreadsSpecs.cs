using Akka.Actor;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Threads;

public sealed class DispatcherThreadsSpecs() : ActorSpecs("""
    few { executor = "Im.Actors.Threads.ParkingExecutorConfigurator, Im.Actors", threads { min = 3, max = 2 } }
    none { executor = "Im.Actors.Threads.ParkingExecutorConfigurator, Im.Actors", threads { min = 0 } }
    """)
{
    [Theory]
    [InlineData("akka.actor.default-dispatcher")]
    [InlineData("akka.actor.internal-dispatcher")]
    [InlineData("akka.remote.default-remote-dispatcher")]
    [InlineData("akka.remote.backoff-remote-dispatcher")]
    [InlineData("im.lane-dispatcher")]
    public void Should_run_the_actors_of_Akka_and_the_lanes_on_threads_of_their_own(string dispatcher)
    {
        Sys.Settings.Config.GetString($"{dispatcher}.executor").ShouldBe("Im.Actors.Threads.ParkingExecutorConfigurator, Im.Actors");
        var actor = Sys.ActorOf(Props.Create(() => new ThreadNamer()).WithDispatcher(dispatcher));

        actor.Tell("name", TestActor);

        ExpectMsg<string>().ShouldStartWith(dispatcher + "_");
    }

    [Theory]
    [InlineData("few", "few: threads.min is 3 and threads.max 2")]
    [InlineData("none", "none: threads.min is 0 and threads.max 8")]
    public void Should_say_what_is_wrong_with_the_number_of_threads(string dispatcher, string message)
    {
        var thrown = Should.Throw<Exception>(() => Sys.Dispatchers.Lookup(dispatcher));

        thrown.ToString().ShouldContain(message);
    }

    private sealed class ThreadNamer : ReceiveActor
    {
        public ThreadNamer() => ReceiveAny(_ => Sender.Tell(Thread.CurrentThread.Name ?? ""));
    }
}
