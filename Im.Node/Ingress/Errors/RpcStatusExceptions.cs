using Google.Protobuf;
using Grpc.Core;
using RpcStatus = Google.Rpc.Status;

namespace Im.Node.Ingress.Errors;

internal static class RpcStatusExceptions
{
    /// <summary>The trailer in which gRPC carries a google.rpc.Status with its details; the HTTP form writes it as body.</summary>
    public const string DetailsTrailer = "grpc-status-details-bin";

    public static RpcException ToException(this RpcStatus status) =>
        new(new Status((StatusCode)status.Code, status.Message), new Metadata { { DetailsTrailer, status.ToByteArray() } });

    /// <summary>Back again, for an answer that carries it.</summary>
    public static RpcStatus ToStatus(this RpcException error) => error.Trailers.GetValueBytes(DetailsTrailer) is { } bytes
        ? RpcStatus.Parser.ParseFrom(bytes)
        : new RpcStatus { Code = (int)error.StatusCode, Message = error.Status.Detail };
}
