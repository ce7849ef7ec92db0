using System.CommandLine;
using Im.Cli.Text;
using Microsoft.Data.Sqlite;

namespace Im.Cli.Storage;

/// <summary><c>im backup</c>, <c>im restore</c> and <c>im epoch bump</c>.</summary>
internal static class StoreCommands
{
    private const int Failed = 1;

    public static Command CreateBackup() => Create(
        new Command("backup", Say.It("copy the message store into a file, while the node runs", "在节点运行时把消息存储备份到文件")),
        new Argument<string>("file") { Description = Say.It("the new file", "新文件") },
        (tool, file, cancellation) => tool.BackUpAsync(file!, cancellation));

    public static Command CreateRestore() => Create(
        new Command("restore", Say.It("put a backup in the place of the message store; stop the nodes first", "用备份替换消息存储；请先停止节点")),
        new Argument<string>("file") { Description = Say.It("a file that im backup made", "im backup 生成的文件") },
        (tool, file, cancellation) => tool.RestoreAsync(file!, cancellation));

    public static Command CreateEpoch() => new("epoch", Say.It("the history that numbers belong to", "编号所属的历史"))
    {
        Create(
            new Command("bump", Say.It(
                "begin a new generation, so that clients take nothing for granted: after a fail-over to a standby that was not synchronous",
                "开始新的世代，使客户端不再沿用已知编号：用于切换到非同步备库之后")),
            null,
            (tool, _, cancellation) => tool.BumpEpochAsync(cancellation)),
    };

    private static Command Create(Command command, Argument<string>? file, Func<IStoreTool, string?, CancellationToken, Task<string>> run)
    {
        var options = new StoreOptions();
        if (file is not null) command.Arguments.Add(file);
        options.AddTo(command);
        command.SetAction((result, cancellation) => RunAsync(
            result, () => run(options.Open(result), file is null ? null : Path.GetFullPath(result.GetValue(file)!), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, Func<Task<string>> run)
    {
        try
        {
            await result.InvocationConfiguration.Output.WriteLineAsync(await run());
            return 0;
        }
        catch (Exception failure) when (failure is StoreException or SqliteException or IOException or UnauthorizedAccessException)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(failure.Message.ReplaceLineEndings(" "));
            return Failed;
        }
    }
}
