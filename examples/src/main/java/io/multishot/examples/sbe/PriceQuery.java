package io.multishot.examples.sbe;

import io.multishot.aeron.Codec;
import io.multishot.examples.sbe.generated.MessageHeaderDecoder;
import io.multishot.examples.sbe.generated.MessageHeaderEncoder;
import io.multishot.examples.sbe.generated.QueryDecoder;
import io.multishot.examples.sbe.generated.QueryEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Asks what some of an instrument cost. A task has one for all its requests. One thread at a time. */
final class PriceQuery {
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final QueryEncoder encoder = new QueryEncoder();

    private long instrument;
    private int quantity;

    PriceQuery set(long ofInstrument, int itsQuantity) {
        instrument = ofInstrument;
        quantity = itsQuantity;
        return this;
    }

    long instrument() {
        return instrument;
    }

    int quantity() {
        return quantity;
    }

    /** Encodes on any threads; decodes on the engine's, to an object that the handler must not keep. */
    static final class QueryCodec implements Codec<PriceQuery> {
        private final MessageHeaderDecoder header = new MessageHeaderDecoder();
        private final QueryDecoder decoder = new QueryDecoder();
        private final PriceQuery decoded = new PriceQuery();

        @Override
        public int length(PriceQuery query) {
            return MessageHeaderEncoder.ENCODED_LENGTH + QueryEncoder.BLOCK_LENGTH;
        }

        @Override
        public void encode(PriceQuery query, MutableDirectBuffer buffer, int offset) {
            query.encoder
                    .wrapAndApplyHeader(buffer, offset, query.header)
                    .instrument(query.instrument)
                    .quantity(query.quantity);
        }

        @Override
        public PriceQuery decode(DirectBuffer buffer, int offset, int length) {
            Lengths.check(length, MessageHeaderDecoder.ENCODED_LENGTH + QueryDecoder.BLOCK_LENGTH);
            decoder.wrapAndApplyHeader(buffer, offset, header);
            return decoded.set(decoder.instrument(), decoder.quantity());
        }
    }
}
