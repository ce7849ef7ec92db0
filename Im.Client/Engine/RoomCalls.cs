using Im.Protocol;

namespace Im.Client.Engine;

/// <summary>The calls by which this client is in rooms, and what their answers mean for the rooms' replicas.</summary>
internal sealed class RoomCalls(ReplicaSet replicas)
{
    public Call Join(string room, Action<Reply?, Exception?> finished)
    {
        replicas.Want(room);
        return new Call("join", Data(room), false, (reply, failure) =>
        {
            OnAnswer(room, reply);
            finished(reply, failure);
        });
    }

    public Call Leave(string room, Action<Reply?, Exception?> finished)
    {
        replicas.Leave(room);
        return new Call("leave", Data(room), false, finished);
    }

    /// <summary>The server has put this client out of a room that it still wants.</summary>
    public Call Rejoin(string room) => new("join", Data(room), false, (reply, _) =>
    {
        OnAnswer(room, reply);
        if (reply is { IsSuccess: false }) replicas.Lose(room, reply.Code is ReplyCode.NotAMember or ReplyCode.NoSuchConversation ? ReplyCode.Forbidden : reply.Code);
    });

    private void OnAnswer(string room, Reply? reply)
    {
        if (reply is { IsSuccess: true }) replicas.OnJoined(room, reply.Data.Text("epoch") ?? "", reply.Data.Number("head") ?? 0);
    }

    private static byte[] Data(string room) => Wire.Object(writer => writer.WriteString("conv", room));
}
