using Im.Protocol;

namespace Im.Tests.BadInput;

/// <summary>Commands that read, enter, or say how far somebody is.</summary>
public static class ReadingTables
{
    public static CommandTable Join => new CommandTable()
        .NotObjects("conv")
        .NeedsLogin("""{"conv":"r:tea"}""")
        .Each(Shapes.NotConversations, """{"conv":%}""", "conv")
        .One("alice", "{}", ReplyCode.BadParameter)
        .One("alice", """{"conv":"r:tea","conv":"r:other"}""", ReplyCode.BadParameter)
        .One("alice", """{"conv":"g:team"}""", ReplyCode.Forbidden)
        .One("alice", """{"conv":"p:alice|bob"}""", ReplyCode.Forbidden)
        .One("alice", """{"conv":"u:alice"}""", ReplyCode.Forbidden)
        .One("mallory", """{"conv":"g:team"}""", ReplyCode.Forbidden)
        .One("mallory", """{"conv":"p:alice|bob"}""", ReplyCode.Forbidden)
        .One("mallory", """{"conv":"u:alice"}""", ReplyCode.Forbidden);

    public static CommandTable Leave => new CommandTable()
        .NotObjects("conv")
        .NeedsLogin("""{"conv":"r:tea"}""")
        .Each(Shapes.NotConversations, """{"conv":%}""", "conv")
        .One("alice", """{"conv":"r:tea","Conv":"r:tea"}""", ReplyCode.BadParameter)
        .One("alice", """{"conv":"r:secret"}""", ReplyCode.NotAMember)
        .One("alice", """{"conv":"g:team"}""", ReplyCode.NotAMember)
        .One("mallory", """{"conv":"r:tea"}""", ReplyCode.NotAMember);

    public static CommandTable History => new CommandTable()
        .NotObjects()
        .NeedsLogin("""{"conv":"g:team"}""")
        .Each(Shapes.NotConversations, """{"conv":%}""", "conv")
        .Each([.. Shapes.NotNumbers, "0", "201", "9007199254740991"], """{"conv":"g:team","limit":%}""", "limit")
        .Each(Shapes.NotNumbers, """{"conv":"g:team","before":%}""", "before")
        .Each(Shapes.NotNumbers, """{"conv":"g:team","after":%}""", "after")
        .One("alice", "{}", ReplyCode.BadParameter)
        .One("alice", """{"conv":"g:team","before":5,"after":1}""", ReplyCode.BadParameter, "before")
        .One("alice", """{"conv":"g:team","limit":5,"limit":6}""", ReplyCode.BadParameter, "limit")
        .One("alice", """{"conv":"g:none"}""", ReplyCode.NoSuchConversation)
        .One("alice", """{"conv":"r:secret"}""", ReplyCode.NotAMember)
        .One("alice", """{"conv":"p:bob|carol"}""", ReplyCode.Forbidden)
        .One("alice", """{"conv":"u:bob"}""", ReplyCode.Forbidden)
        .One("mallory", """{"conv":"g:team"}""", ReplyCode.NotAMember)
        .One("mallory", """{"conv":"g:team","after":0}""", ReplyCode.NotAMember)
        .One("mallory", """{"conv":"r:tea"}""", ReplyCode.NotAMember)
        .One("mallory", """{"conv":"p:alice|bob"}""", ReplyCode.Forbidden)
        .One("mallory", """{"conv":"u:alice"}""", ReplyCode.Forbidden);

    public static CommandTable Read => new CommandTable()
        .NotObjects()
        .NeedsLogin("""{"conv":"g:team","mseq":1}""")
        .Each(Shapes.NotConversations, """{"conv":%,"mseq":1}""", "conv")
        .Each([.. Shapes.NotNumbers, "null"], """{"conv":"g:team","mseq":%}""", "mseq")
        .One("alice", """{"conv":"g:team"}""", ReplyCode.BadParameter, "mseq")
        .One("alice", """{"conv":"g:team","mseq":1,"mseq":2}""", ReplyCode.BadParameter, "mseq")
        .One("alice", """{"conv":"p:alice|zoe","mseq":1}""", ReplyCode.NoData)
        .One("alice", """{"conv":"g:none","mseq":1}""", ReplyCode.NoSuchConversation)
        .One("alice", """{"conv":"r:secret","mseq":1}""", ReplyCode.NotAMember)
        .One("alice", """{"conv":"p:bob|carol","mseq":1}""", ReplyCode.Forbidden)
        .One("mallory", """{"conv":"g:team","mseq":1}""", ReplyCode.NotAMember)
        .One("mallory", """{"conv":"r:tea","mseq":1}""", ReplyCode.NotAMember)
        .One("mallory", """{"conv":"u:alice","mseq":1}""", ReplyCode.Forbidden);

    public static CommandTable Ack => new CommandTable()
        .NotObjects()
        .NeedsLogin("""{"acks":{"g:team":1}}""")
        .Each(Shapes.NotMarks, """{"acks":%}""", "acks")
        .Each(Shapes.NotMarks, """{"skip":%}""", "skip")
        .One("alice", """{"acks":{},"acks":{}}""", ReplyCode.BadParameter, "acks")
        .One("alice", $$"""{"acks":{{Shapes.Marks(501)}}}""", ReplyCode.TooLarge, "acks")
        .One("alice", $$"""{"acks":{{Shapes.Marks(300)}},"skip":{{Shapes.Marks(201)}}}""", ReplyCode.TooLarge, "acks");

    public static CommandTable Sync => new CommandTable()
        .NotObjects()
        .NeedsLogin("""{"cursors":{}}""")
        .Each([.. Shapes.NotCursors, "null"], """{"cursors":%}""", "cursors")
        .One("alice", "{}", ReplyCode.BadParameter, "cursors")
        .One("alice", """{"cursors":{},"cursors":{}}""", ReplyCode.BadParameter, "cursors")
        .One("alice", $$"""{"cursors":{{Shapes.Cursors(501)}}}""", ReplyCode.TooLarge, "cursors");

    public static CommandTable Typing => new CommandTable()
        .NotObjects("data")
        .NeedsLogin("""{"conv":"g:team","state":"start"}""")
        .Each(Shapes.NotConversations, """{"conv":%,"state":"start"}""", "conv")
        .Each([.. Shapes.NotTexts, "null", "\"\"", "\"START\"", "\"begin\""], """{"conv":"g:team","state":%}""", "state")
        .One("alice", """{"conv":"g:team","state":"start","state":"stop"}""", ReplyCode.BadParameter, "state")
        .One("alice", """{"conv":"r:secret","state":"start"}""", ReplyCode.NotAMember)
        .One("alice", """{"conv":"p:bob|carol","state":"start"}""", ReplyCode.Forbidden)
        .One("mallory", """{"conv":"g:team","state":"start"}""", ReplyCode.NotAMember)
        .One("mallory", """{"conv":"r:tea","state":"start"}""", ReplyCode.NotAMember)
        .One("mallory", """{"conv":"p:alice|bob","state":"start"}""", ReplyCode.Forbidden);

    public static CommandTable Watch => new CommandTable()
        .NotObjects("users")
        .NeedsLogin("""{"users":["bob"]}""")
        .Each([.. Shapes.NotUserLists, "null"], """{"users":%}""", "users")
        .Each(["[\"\"]", "[\"a|b\"]", "[\"a\\u0007\"]", $"[\"{new string('u', 65)}\"]"], """{"users":%}""", "users", ReplyCode.BadUserId)
        .One("alice", "{}", ReplyCode.BadParameter, "users")
        .One("alice", """{"users":["bob"],"users":["carol"]}""", ReplyCode.BadParameter, "users")
        .One("alice", $$"""{"users":{{Shapes.Users(201)}}}""", ReplyCode.TooLarge, "users");

    public static CommandTable Convs => new CommandTable()
        .NotObjects()
        .NeedsLogin("{}")
        .Each([.. Shapes.NotNumbers, "0", "201"], """{"limit":%}""", "limit")
        .Each([.. Shapes.NotTexts, "\"\"", "\"nonsense\"", "\"p:bob|alice\""], """{"after":%}""", "after")
        .One("alice", """{"limit":1,"limit":2}""", ReplyCode.BadParameter, "limit");

    public static CommandTable Heartbeat => new CommandTable()
        .NotObjects()
        .NeedsLogin("{}")
        .Each(Shapes.NotMarks, """{"heads":%}""", "data")
        .One("alice", $$"""{"heads":{{Shapes.Marks(201)}}}""", ReplyCode.TooLarge, "heads");
}
