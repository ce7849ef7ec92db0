using System.Buffers;
using Im.Protocol;

namespace Im.Node.Compat;

/// <summary>The seed's answer, <c>{"code":200,"msg":"Success","data":{…}}</c>, with HTTP status 200 whatever the code.</summary>
internal static class SeedAnswer
{
    public static Task SuccessAsync(HttpContext context, SeedObject data) => WriteAsync(context, ReplyCode.Success, data);

    public static Task RefusedAsync(HttpContext context, ReplyCode code) => WriteAsync(context, code, []);

    public static Task FailedAsync(HttpContext context) => RefusedAsync(context, ReplyCode.ServerError);

    /// <summary>Sets no status, so that a caller without API key may be told by the same form.</summary>
    public static async Task WriteAsync(HttpContext context, ReplyCode code, SeedObject data)
    {
        var body = new ArrayBufferWriter<byte>(256);
        body.Write("{\"code\":"u8);
        SeedJsonWriter.Write(body, (int)code);
        body.Write(",\"msg\":"u8);
        SeedJsonWriter.Write(body, code.Text());
        body.Write(",\"data\":"u8);
        SeedJsonWriter.Write(body, data);
        body.Write("}"u8);

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.WrittenCount;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
