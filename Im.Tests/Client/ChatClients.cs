using Im.Client;
using Im.Tests.Support;

namespace Im.Tests.Client;

/// <summary>A started client that keeps what it was given.</summary>
internal sealed class ChatClients : IAsyncDisposable
{
    private readonly List<ImRecord> _records = [];
    private readonly Task _reading;

    private ChatClients(ImChatClient client)
    {
        Client = client;
        _reading = ReadAsync();
    }

    public ImChatClient Client { get; }

    public static async Task<ChatClients> StartAsync(NodeFixture node, string user, string device, IImClientStore? store = null)
    {
        var client = new ImChatClient(new ImChatClientOptions { Url = node.WebSocket, App = 101, User = user, Device = device, Store = store });
        var started = new ChatClients(client);
        await client.StartAsync();
        await client.WaitUntilOnlineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return started;
    }

    /// <summary>Texts of a conversation in the order in which they were applied.</summary>
    public string[] Texts(string conversation)
    {
        lock (_records) return [.. _records.Where(record => record.Conversation == conversation).Select(record => record.Text)];
    }

    public ImRecord[] Records(string conversation)
    {
        lock (_records) return [.. _records.Where(record => record.Conversation == conversation)];
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _reading;
    }

    private async Task ReadAsync()
    {
        await foreach (var record in Client.ReadRecordsAsync())
        {
            lock (_records) _records.Add(record);
        }
    }
}
