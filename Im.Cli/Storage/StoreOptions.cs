using System.CommandLine;
using Im.Cli.Commands;
using Im.Cli.Text;

namespace Im.Cli.Storage;

/// <summary>Which store is meant: a node's data directory, or a PostgreSQL.</summary>
internal sealed class StoreOptions
{
    private const string DataVariable = "Im__DataDirectory";
    private const string ConnectionVariable = "Im__Storage__ConnectionString";

    /// <summary>Where a node that was started from the sources or from here keeps its data.</summary>
    private static readonly string[] UsualPlaces = ["data", Path.Combine("Im.Node", "data")];

    private readonly Option<string?> _data = new("--data")
    {
        Description = Say.It($"data directory of the node (default: {DataVariable}, else ./data or Im.Node/data)", $"节点的数据目录（默认：{DataVariable}，否则 ./data 或 Im.Node/data）"),
    };

    private readonly Option<string?> _connection = new("--connection")
    {
        Description = Say.It($"connection string of PostgreSQL (default: {ConnectionVariable}, so that the password stays out of the process list)", $"PostgreSQL 连接字符串（默认：{ConnectionVariable}，以免密码出现在进程列表中）"),
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_connection);
        command.Validators.Add(result =>
        {
            if (result.TryRead(_data, out var data) && result.TryRead(_connection, out var connection) && data is not null && connection is not null)
                result.AddError(Say.It("Give --data or --connection, not both: a node has one store.", "--data 与 --connection 只能给出一个：一个节点只有一个存储。"));
        });
    }

    /// <exception cref="StoreException">There is no such store.</exception>
    public IStoreTool Open(ParseResult result)
    {
        var data = result.GetValue(_data);
        var connection = result.GetValue(_connection) ?? (data is null ? Environment.GetEnvironmentVariable(ConnectionVariable) : null);
        if (!string.IsNullOrEmpty(connection)) return new PostgresTool(connection);
        data ??= Environment.GetEnvironmentVariable(DataVariable) ?? UsualPlaces.FirstOrDefault(Directory.Exists);
        return data is not null && Directory.Exists(data)
            ? new SqliteTool(Path.GetFullPath(data))
            : throw new StoreException(Say.It(
                data is null ? "No data directory found: name it with --data, or a PostgreSQL with --connection." : $"There is no directory {data}: name the node's data directory with --data.",
                data is null ? "未找到数据目录：请用 --data 指定，或用 --connection 指定 PostgreSQL。" : $"目录 {data} 不存在：请用 --data 指定节点的数据目录。"));
    }
}
