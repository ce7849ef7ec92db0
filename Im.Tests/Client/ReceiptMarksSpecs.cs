using System.Text.Json;
using Im.Client;
using Im.Client.Engine;
using Shouldly;
using Xunit;

namespace Im.Tests.Client;

public sealed class ReceiptMarksSpecs
{
    private readonly VectorHost _host = new();

    [Fact]
    public void Should_tell_what_is_news_of_each_mark_and_nothing_that_goes_back()
    {
        var router = new PushRouter(_host, null!, new ReceiptMarks(), tellsPushes: false, _ => { });
        foreach (var data in new[]
        {
            """{"conv":"p:a|b","user":"b","delivered":32}""",
            """{"conv":"p:a|b","user":"b","delivered":23}""",
            """{"conv":"p:a|b","user":"b","delivered":32,"read":30}""",
            """{"conv":"p:a|b","user":"b","delivered":33,"read":29}""",
            """{"conv":"g:1","user":"b","delivered":2}""",
        }) router.Route("receipt", null, JsonElement.Parse(data), 0);

        _host.Notices.ShouldBe(
        [
            new ImReceipt("p:a|b", "b", 32, null),
            new ImReceipt("p:a|b", "b", null, 30),
            new ImReceipt("p:a|b", "b", 33, null),
            new ImReceipt("g:1", "b", 2, null),
        ]);
    }

    [Fact]
    public void Should_begin_anew_with_a_conversation_that_does()
    {
        var marks = new ReceiptMarks();
        marks.Take(new ImReceipt("g:1", "b", 9, 9));
        marks.Take(new ImReceipt("g:2", "b", 9, 9));

        marks.Forget("g:1");

        marks.Take(new ImReceipt("g:1", "b", 2, null)).ShouldBe(new ImReceipt("g:1", "b", 2, null));
        marks.Take(new ImReceipt("g:2", "b", 2, null)).ShouldBeNull();
    }

    [Fact]
    public void Should_keep_a_bounded_number_of_marks()
    {
        var marks = new ReceiptMarks();
        for (var i = 0; i <= ReceiptMarks.MaxCount; i++) marks.Take(new ImReceipt("g:1", $"u{i}", 5, null)).ShouldNotBeNull();

        marks.Take(new ImReceipt("g:1", "u0", 5, null)).ShouldNotBeNull();
        marks.Take(new ImReceipt("g:1", $"u{ReceiptMarks.MaxCount}", 5, null)).ShouldBeNull();
    }
}
