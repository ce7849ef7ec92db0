using System.CommandLine;
using Im.Cli.Certs;
using Im.Cli.Storage;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary>The root of the tool.</summary>
internal static class ImCommand
{
    public static RootCommand Create()
    {
        var bench = new Command("bench", Say.It("measure a node: memory, logins, deliveries, recovery", "测量节点：内存、登录、投递、恢复"))
        {
            new ConnectCommand().Create(),
            new RoomCommand().Create(),
            new BurstCommand().Create(),
            new SlowCommand().Create(),
            new SendCommand().Create(),
            new PushBenchCommand().Create(),
            new StormCommand().Create(),
            new MixedCommand().Create(),
            new FreezeCommand().Create(),
        };
        var root = new RootCommand(Say.It("im: the command line of ImAkka", "im：ImAkka 的命令行工具"))
        {
            bench,
            new TokenCommand().Create(),
            new PushCommand().Create(),
            new TailCommand().Create(),
            new NodesCommand().Create(),
            new DrainCommand().Create(),
            new VerifyCommand().Create(),
            StoreCommands.CreateBackup(),
            StoreCommands.CreateRestore(),
            StoreCommands.CreateEpoch(),
            new CertsCommand().Create(),
            new DoctorCommand().Create(),
            PeerCommand.Create(),
            CrowdCommand.Create(),
        };
        root.SetAction(result => result.InvocationConfiguration.Output.WriteLine(Overview));
        return root;
    }

    private static string Overview { get; } = Say.It(
        """
        im: the command line of ImAkka

          im bench connect    idle connections: memory of each, logins per second
          im bench room       broadcasts into one room: deliveries per second, server CPU of each, latency
          im bench burst      a login burst and a mass disconnect: who was told of whom, and when
          im bench slow       one reader stops: the others' latency, and when it is ended
          im bench send       durable messages: acknowledged per second, latency, and the disk's sync rate
          im bench push       gRPC pushes to users who are online: written per second, latency, server CPU of each
          im bench storm      everybody is cut and comes back with cursors: how long, and did each get what it missed, once?
          im bench mixed      all of that at once, each at a rate of its own
          im bench freeze     a node of a cluster stops: latency in the rooms of the others before, meanwhile and after
          im token            a token to log in with, signed with the node's key
          im push             push a message to a user or a conversation
          im tail             print what a user gets, as it comes
          im nodes            the nodes of the cluster, once or as they change
          im drain            take a node out: its clients move to the others
          im verify           faults under load: was a message lost, doubled or reordered?
          im backup           copy the message store into a file, while the node runs
          im restore          put a backup in the place of the message store
          im epoch bump       begin a new generation: clients take nothing for granted
          im certs            a CA of the cluster's own and the certificates of its nodes
          im doctor           is this machine set for so many connections, and what has to be set?

          im bench room --members 1000 --messages 100             a first figure; starts a node of its own
          im bench room --peer signalr --rounds 5                 the same beside ASP.NET Core SignalR, taking turns
          im bench connect --url ws://127.0.0.1:8089/acc --api http://127.0.0.1:8080 --api-key …    a running node

          im <command> --help shows every option. --json prints the result for a program to read.
        """,
        """
        im：ImAkka 的命令行工具

          im bench connect    空闲连接：每连接内存、每秒登录数
          im bench room       向一个房间广播：每秒投递数、每次投递的服务器 CPU、延迟
          im bench burst      登录风暴与大规模断线：谁何时得知谁
          im bench slow       一个读者停止读取：其余成员的延迟，以及它何时被断开
          im bench send       持久消息：每秒确认数、延迟，以及磁盘同步速率
          im bench push       向在线用户的 gRPC 推送：每秒写入数、延迟、每次推送的服务器 CPU
          im bench storm      全员断线并带游标重连：耗时，以及错过的消息是否各得一次
          im bench mixed      以上多种负载同时进行，各有速率
          im bench freeze     集群中一个节点停顿：其他节点上房间在之前、期间与之后的延迟
          im token            用节点密钥签发的登录令牌
          im push             向用户或会话推送消息
          im tail             实时打印某个用户收到的内容
          im nodes            集群的节点，显示一次或持续显示
          im drain            平滑停止一个节点：客户端移到其他节点
          im verify           负载下的故障：消息是否丢失、重复或乱序？
          im backup           在节点运行时把消息存储备份到文件
          im restore          用备份替换消息存储
          im epoch bump       开始新的世代：客户端不再沿用已知编号
          im certs            集群自己的 CA 与各节点的证书
          im doctor           本机是否适合这么多连接，需要设置什么

          im bench room --members 1000 --messages 100             快速得到第一组数据；自动启动一个节点
          im bench room --peer signalr --rounds 5                 与 ASP.NET Core SignalR 交替对比
          im bench connect --url ws://127.0.0.1:8089/acc --api http://127.0.0.1:8080 --api-key …    测量正在运行的节点

          im <命令> --help 显示所有选项。--json 以 JSON 输出结果，便于程序读取。
        """);
}
