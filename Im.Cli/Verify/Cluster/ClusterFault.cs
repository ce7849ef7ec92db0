namespace Im.Cli.Verify.Cluster;

/// <summary>A disturbance of a cluster of three nodes.</summary>
internal enum ClusterFault
{
    /// <summary>kill -9 of a node chosen by chance, but not of the oldest; in turn it is back at once, or stays away for a while.</summary>
    Kill,

    /// <summary>The same of the node that has been there longest, and has the coordinators.</summary>
    Oldest,

    /// <summary>SIGTERM to one node after the other, each as soon as all are ready.</summary>
    Rolling,

    /// <summary>One node's links to the two others are cut. It still reaches the database and its clients reach it.</summary>
    Part,

    /// <summary>Nothing that one node sends reaches the others; what they send reaches it.</summary>
    OneWay,

    /// <summary>All links between nodes are cut.</summary>
    Islands,

    /// <summary>One node's links are cut for 4 s and whole for 3 s, again and again.</summary>
    Flap,

    /// <summary>200 to 600 ms on every link between nodes, and stalls as lost packets make them.</summary>
    SlowLink,

    /// <summary>SIGSTOP of a node for 35, 15 or 5 s, then SIGCONT, with clients on its old sockets that go on sending.</summary>
    Freeze,

    /// <summary>PostgreSQL is frozen, killed or restarted.</summary>
    Database,

    /// <summary>Some devices stop taking records.</summary>
    Slow,

    /// <summary>nginx is killed and started again, or reloaded.</summary>
    Door,

    /// <summary>A node has no more open files than it uses, while all clients reconnect.</summary>
    Files,

    /// <summary>A fifth of a processor for one node.</summary>
    Cpu,

    /// <summary>One node after the other changes to another build and back.</summary>
    Mixed,
}
