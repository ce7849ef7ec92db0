using Im.Node.Clustering.Downing;
using Im.Node.Configuration;
using Im.Node.Lifetime;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Downing;

[Collection(ActorClusterTests.Name)]
public sealed class MinorityActorSpecs
{
    private const string Hocon = """
        akka.cluster {
          failure-detector.acceptable-heartbeat-pause = 1s
          split-brain-resolver { stable-after = 300s, down-all-when-unstable = off }
        }
        """;

    [Fact]
    public async Task Should_end_the_node_that_is_cut_off_and_no_other()
    {
        await using var cluster = await ActorCluster.StartAsync(3, hocon: Hocon);
        var ends = cluster.Nodes.Select(node =>
        {
            var end = new End();
            node.System.ActorOf(MinorityActor.Create(end, TimeSpan.FromSeconds(3), TimeProvider.System));
            return end;
        }).ToArray();

        cluster.Isolate(cluster[2]);

        await Until.TrueAsync(() => ends[2].Code is not null);
        ends[2].Code.ShouldBe(ExitCodes.Downed);
        await Until.TrueAsync(() => cluster.Nodes.Take(2).All(node => node.Cluster.State.Unreachable.Count == 1));
        ends.Take(2).ShouldAllBe(end => end.Code == null);
    }

    private sealed class End : IProcessEnd
    {
        private int _code = -1;

        public int? Code => Volatile.Read(ref _code) is >= 0 and var code ? code : null;

        void IProcessEnd.End(int exitCode, string why) => Interlocked.Exchange(ref _code, exitCode);
    }
}
