package io.multishot.examples.sbe;

import io.multishot.aeron.Codec;
import io.multishot.examples.sbe.generated.MessageHeaderDecoder;
import io.multishot.examples.sbe.generated.MessageHeaderEncoder;
import io.multishot.examples.sbe.generated.PriceDecoder;
import io.multishot.examples.sbe.generated.PriceEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/** Says what an instrument costs. One thread at a time. */
final class Price {
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final PriceEncoder encoder = new PriceEncoder();

    private long instrument;
    private long micros;

    Price set(long ofInstrument, long itsMicros) {
        instrument = ofInstrument;
        micros = itsMicros;
        return this;
    }

    long instrument() {
        return instrument;
    }

    long micros() {
        return micros;
    }

    /** Encodes on any threads; decodes on the engine's, to objects from a pool. */
    static final class PriceCodec implements Codec<Price> {
        private final MessageHeaderDecoder header = new MessageHeaderDecoder();
        private final PriceDecoder decoder = new PriceDecoder();
        private final ManyToOneConcurrentArrayQueue<Price> pool;

        /** Creates a codec whose pool keeps at most so many objects. */
        PriceCodec(int poolSize) {
            pool = new ManyToOneConcurrentArrayQueue<>(poolSize);
        }

        @Override
        public int length(Price price) {
            return MessageHeaderEncoder.ENCODED_LENGTH + PriceEncoder.BLOCK_LENGTH;
        }

        @Override
        public void encode(Price price, MutableDirectBuffer buffer, int offset) {
            price.encoder
                    .wrapAndApplyHeader(buffer, offset, price.header)
                    .instrument(price.instrument)
                    .micros(price.micros);
        }

        /** Returns a price that its reader should {@link #giveBack}; if it does not, that makes garbage, no error. */
        @Override
        public Price decode(DirectBuffer buffer, int offset, int length) {
            Lengths.check(length, MessageHeaderDecoder.ENCODED_LENGTH + PriceDecoder.BLOCK_LENGTH);
            decoder.wrapAndApplyHeader(buffer, offset, header);
            Price price = pool.poll();
            return (price == null ? new Price() : price).set(decoder.instrument(), decoder.micros());
        }

        /** Takes back a price that nobody reads any more. Any thread. */
        void giveBack(Price read) {
            boolean unused = pool.offer(read);
        }
    }
}
