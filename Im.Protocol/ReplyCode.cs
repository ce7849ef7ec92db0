namespace Im.Protocol;

/// <summary>The <c>code</c> of a reply. 1000–1010 are the seed's; the rest are level 2's.</summary>
public enum ReplyCode
{
    Success = 200,
    NotLoggedIn = 1000,
    BadParameter = 1001,
    BadUserId = 1002,
    Unauthorized = 1003,
    ServerError = 1004,
    NoData = 1005,
    AddFailed = 1006,
    DeleteFailed = 1007,
    StoreFailed = 1008,
    OperationFailed = 1009,
    NoSuchCommand = 1010,
    TokenExpired = 1011,
    TokenInvalid = 1012,
    Forbidden = 1013,
    TooLarge = 1014,
    RateLimited = 1015,
    Overloaded = 1016,
    OutcomeUnknown = 1017,
    IdempotencyConflict = 1018,
    RejectedByDevicePolicy = 1019,
    NotAMember = 1020,
    Muted = 1021,
    EpochChanged = 1022,
    RangeNotKept = 1023,
    VersionUnsupported = 1024,
    RejectedByHook = 1026,
    NoSuchConversation = 1027,
}

public static class ReplyCodes
{
    /// <summary>The <c>codeMsg</c> of a reply: the seed's texts for its codes, English for ours.</summary>
    public static string Text(this ReplyCode code) => code switch
    {
        ReplyCode.Success => "Success",
        ReplyCode.NotLoggedIn => "未登录",
        ReplyCode.BadParameter => "参数不合法",
        ReplyCode.BadUserId => "非法的用户ID",
        ReplyCode.Unauthorized => "未授权",
        ReplyCode.ServerError => "系统错误",
        ReplyCode.NoData => "没有数据",
        ReplyCode.AddFailed => "添加错误",
        ReplyCode.DeleteFailed => "删除错误",
        ReplyCode.StoreFailed => "存储错误",
        ReplyCode.OperationFailed => "操作失败",
        ReplyCode.NoSuchCommand => "路由不存在",
        ReplyCode.TokenExpired => "Token expired",
        ReplyCode.TokenInvalid => "Token invalid",
        ReplyCode.Forbidden => "Forbidden",
        ReplyCode.TooLarge => "Too large",
        ReplyCode.RateLimited => "Rate limited",
        ReplyCode.Overloaded => "Overloaded, nothing stored",
        ReplyCode.OutcomeUnknown => "Outcome unknown, retry with the same cid",
        ReplyCode.IdempotencyConflict => "Idempotency conflict",
        ReplyCode.RejectedByDevicePolicy => "Rejected by device policy",
        ReplyCode.NotAMember => "Not a member",
        ReplyCode.Muted => "Muted",
        ReplyCode.EpochChanged => "Epoch changed",
        ReplyCode.RangeNotKept => "Range no longer kept",
        ReplyCode.VersionUnsupported => "Version unsupported",
        ReplyCode.RejectedByHook => "Rejected by a hook",
        ReplyCode.NoSuchConversation => "No such conversation",
        _ => "未定义错误类型!",
    };

    /// <summary>May the same request succeed later without a change by the caller?</summary>
    public static bool IsTemporary(this ReplyCode code) => code is
        ReplyCode.ServerError or ReplyCode.RateLimited or ReplyCode.Overloaded or ReplyCode.OutcomeUnknown;
}
