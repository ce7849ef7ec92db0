using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>join</c>: enters an open room; answered once the room's owner has ordered it, before anything that comes after it.</summary>
internal sealed class JoinHandler : ICommandHandler
{
    public string Command => CommandNames.Join;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!RoomData.TryRead(command.Data.Span, out var text) || !ConversationId.TryParse(text, out var room)) connection.Fail(command, ReplyCode.BadParameter, "conv");
        else if (room.Kind != ConversationKind.Room) connection.Fail(command, ReplyCode.Forbidden, "conv");
        else if (connection.Rooms.Count >= connection.Slot.Limits.RoomsMaxCount && !connection.Rooms.Contains(room)) connection.Fail(command, ReplyCode.OperationFailed, "conv");
        else Join(connection, command, room);
    }

    private static void Join(IConnection connection, ConnectionInput.Command command, ConversationId room)
    {
        var key = new ConversationKey(connection.Slot.Attachment!.User.App, room);
        if (!connection.Rooms.Contains(room)) connection.AddRoom(room);
        connection.Slot.Hold();
        connection.Suspend(new Flow(command, key));
        connection.Services.Relays.For(key).Tell(new RelayCommands.Join(key, connection.Slot, NoAnswer.Instance), connection.Self);
    }

    /// <summary>
    /// The relay repeats the join until it is ordered; then the head is read, and the reply goes in front of what came
    /// meanwhile: nothing can fall between the head that is told and what follows (rules.md §3).
    /// </summary>
    private sealed class Flow(ConnectionInput.Command command, ConversationKey key) : CommandFlow
    {
        private sealed record HeadsRead(Flow Flow, HistoryPage Page) : ILocalMessage;

        /// <summary>The room's owner has not answered for so many times two seconds: the client may try again, and goes on with all else.</summary>
        private const int MaxOverdue = 4;

        private int _members;
        private int _overdue;

        public override void Overdue(IConnection connection)
        {
            if (++_overdue < MaxOverdue) return;
            Undo(connection);
            connection.Resume();
        }

        public override bool OnMessage(IConnection connection, object message)
        {
            switch (message)
            {
                case RelayEvents.Joined joined when joined.Conversation == key: OnJoined(connection, joined); return true;
                case HeadsRead read when read.Flow == this: OnRead(connection, read.Page); return true;
                default: return false;
            }
        }

        private void OnJoined(IConnection connection, RelayEvents.Joined joined)
        {
            _members = joined.Members;
            connection.Services.Store.ReadAsync(new HistoryQuery(key, null, null, null, 1))
                .PipeTo(connection.Self, connection.Self, page => new HeadsRead(this, page), _ => new HeadsRead(this, HistoryPage.Of(ReadOutcome.Unavailable)));
        }

        private void OnRead(IConnection connection, HistoryPage page)
        {
            if (page.Outcome == ReadOutcome.Unavailable) Undo(connection);
            else Succeed(connection, page);
            connection.Resume();
        }

        /// <summary>What cannot be told is not entered.</summary>
        private void Undo(IConnection connection)
        {
            connection.RemoveRoom(key.Conversation);
            connection.Services.Relays.For(key).Tell(new RelayCommands.Leave(key, connection.Slot, null), connection.Self);
            connection.Slot.Release(new Frame(ReplyWriter.Error(command.Seq, command.Name, ReplyCode.Overloaded, null, 500), FrameKind.Reply));
            connection.Answered(command, ReplyCode.Overloaded);
        }

        private void Succeed(IConnection connection, HistoryPage page)
        {
            var isNew = page.Outcome != ReadOutcome.Found;
            var epoch = isNew ? connection.Services.Store.Generation : page.Epoch;
            connection.TellEpoch(key.Conversation.Value, epoch);
            connection.Services.Relays.For(key).Tell(new RelayCommands.Head(key, epoch, page.Head), connection.Self);
            var reply = command.Seq.Length == 0 ? null : new Frame(ReplyWriter.Reply(command.Seq, command.Name, ReplyCode.Success, Data(epoch, isNew ? 1 : page.First, page.Head)), FrameKind.Reply);
            connection.Slot.Release(reply);
            connection.Answered(command, ReplyCode.Success);
        }

        private byte[] Data(string epoch, long first, long head)
        {
            var buffer = WireBuffer.Create();
            buffer.Raw("{\"conv\":"u8);
            buffer.Text(key.Conversation.Value);
            buffer.Raw(",\"epoch\":"u8);
            buffer.Text(epoch);
            buffer.Raw(",\"first\":"u8);
            buffer.Number(first);
            buffer.Raw(",\"head\":"u8);
            buffer.Number(head);
            buffer.Raw(",\"members\":"u8);
            buffer.Number(_members);
            buffer.Raw("}"u8);
            return buffer.Written.ToArray();
        }
    }

    private sealed class NoAnswer : JoinReply
    {
        public static readonly NoAnswer Instance = new();

        public override Frame? Encode(int members) => null;
    }
}
