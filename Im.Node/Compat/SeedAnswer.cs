using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Node.Compat;

/// <summary>The seed's answer, <c>{"code":200,"msg":"Success","data":{…}}</c>, with HTTP status 200 whatever the code.</summary>
internal static class SeedAnswer
{
    public static Task SuccessAsync(HttpContext context, SeedObject data) => WriteAsync(context, ReplyCode.Success, data);

    public static Task RefusedAsync(HttpContext context, ReplyCode code) => WriteAsync(context, code, []);

    public static Task FailedAsync(HttpContext context) => RefusedAsync(context, ReplyCode.ServerError);

    /// <summary>Sets no status, so that a caller without API key may be told in the same form.</summary>
    public static Task WriteAsync(HttpContext context, ReplyCode code, SeedObject data)
    {
        var body = ToJson(code, data);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static byte[] ToJson(ReplyCode code, SeedObject data)
    {
        var json = WireBuffer.Create();
        json.Raw("{\"code\":"u8);
        json.Number((int)code);
        json.Raw(",\"msg\":"u8);
        json.Text(code.Text());
        json.Raw(",\"data\":"u8);
        SeedJsonWriter.Write(ref json, data);
        json.Raw("}"u8);
        return json.Written.ToArray();
    }
}
