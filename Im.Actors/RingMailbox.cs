using System.Buffers;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Im.Actors;

/// <summary>
/// A mailbox that holds nothing while it is empty: a ring that starts at two envelopes, grows into rented ones, and gives
/// those back once it has drained. Akka's default keeps about 1 KB per actor, which a million idle connections cannot pay.
/// </summary>
/// <remarks>
/// Unbounded, as every mailbox here: what may be under way to an actor is bounded by its sources (credit of a
/// connection, admission of the edges).
/// </remarks>
public sealed class RingMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<RingMailbox.Queue>
{
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue();

    public class Queue : IMessageQueue, IUnboundedMessageQueueSemantics
    {
        private const int FirstLength = 2;
        private const int KeptLength = 8;

        private SpinLock _gate = new(enableThreadOwnerTracking: false);
        private Envelope[]? _ring;
        private int _head;
        private int _count;

        public virtual bool HasMessages => Volatile.Read(ref _count) > 0;

        public int Count => Volatile.Read(ref _count);

        /// <summary>Places held, filled or not.</summary>
        internal int HeldLength => Volatile.Read(ref _ring)?.Length ?? 0;

        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            var taken = false;
            try
            {
                _gate.Enter(ref taken);
                _ring ??= new Envelope[FirstLength];
                if (_count == _ring.Length) Grow();
                _ring[(_head + _count) & (_ring.Length - 1)] = envelope;
                _count++;
            }
            finally
            {
                if (taken) _gate.Exit();
            }
        }

        public virtual bool TryDequeue(out Envelope envelope) => Take(out envelope);

        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (Take(out var envelope)) deadletters.Enqueue(owner, envelope);
        }

        private bool Take(out Envelope envelope)
        {
            envelope = default;
            if (Volatile.Read(ref _count) == 0) return false;
            var taken = false;
            try
            {
                _gate.Enter(ref taken);
                if (_count == 0) return false;
                envelope = _ring![_head];
                _ring[_head] = default;
                _head = (_head + 1) & (_ring.Length - 1);
                if (--_count == 0 && _ring.Length > KeptLength) GiveBack();

                return true;
            }
            finally
            {
                if (taken) _gate.Exit();
            }
        }

        private void Grow()
        {
            var length = _ring!.Length * 2;
            var bigger = length > KeptLength ? ArrayPool<Envelope>.Shared.Rent(length) : new Envelope[length];
            for (var i = 0; i < _count; i++) bigger[i] = _ring[(_head + i) & (_ring.Length - 1)];
            if (_ring.Length > KeptLength) ArrayPool<Envelope>.Shared.Return(_ring, clearArray: true);
            _ring = bigger;
            _head = 0;
        }

        /// <summary>Every place was emptied when it was taken.</summary>
        private void GiveBack()
        {
            ArrayPool<Envelope>.Shared.Return(_ring!);
            _ring = null;
            _head = 0;
        }
    }
}
