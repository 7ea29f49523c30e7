package io.multishot.benchmarks.remote;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.multishot.benchmarks.Contender;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Unary calls, blocking, or asynchronous where many are in flight; over TCP, and where others use shared memory, in its
 * own process without a wire.
 */
@Contender("gRPC, unary calls")
public class Grpc extends RoundTrip {
    private static final String SERVICE = "numbers";
    private static final MethodDescriptor<Long, Long> NEXT = MethodDescriptor.<Long, Long>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "next"))
            .setRequestMarshaller(new Eight())
            .setResponseMarshaller(new Eight())
            .build();

    private final AtomicInteger replied = new AtomicInteger();

    /** Called on threads of gRPC. */
    private final StreamObserver<Long> observer = new StreamObserver<>() {
        @Override
        public void onNext(Long number) {
            reply = number;
        }

        @Override
        public void onError(Throwable failed) {
            failure = failed;
        }

        @Override
        public void onCompleted() {
            replied.incrementAndGet();
        }
    };

    private volatile long reply;
    private volatile @Nullable Throwable failure;
    private int asked;

    @SuppressWarnings("NullAway.Init")
    private Server server;

    @SuppressWarnings("NullAway.Init")
    private ManagedChannel channel;

    /** For JMH. */
    public Grpc() {}

    @Override
    void open(boolean udp) throws IOException {
        ServerBuilder<?> builder = udp ? ServerBuilder.forPort(0) : InProcessServerBuilder.forName(SERVICE);
        server = builder.addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(NEXT, ServerCalls.asyncUnaryCall((number, observer) -> {
                            observer.onNext(number + 1);
                            observer.onCompleted();
                        }))
                        .build())
                .directExecutor()
                .build()
                .start();
        channel = (udp
                        ? ManagedChannelBuilder.forAddress("localhost", server.getPort())
                                .usePlaintext()
                        : InProcessChannelBuilder.forName(SERVICE))
                .directExecutor()
                .build();
    }

    @Override
    void connect() {
        // with the first call
    }

    @Override
    long ask() {
        return ClientCalls.blockingUnaryCall(channel, NEXT, CallOptions.DEFAULT, REQUEST);
    }

    @Override
    long askMany(int most) {
        int goal = replied.get() + BATCH;
        while (replied.get() - goal < 0) {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            if (asked - replied.get() < most) {
                asked++;
                ClientCalls.asyncUnaryCall(channel.newCall(NEXT, CallOptions.DEFAULT), REQUEST, observer);
            } else {
                idle();
            }
        }
        return reply;
    }

    @Override
    int serve() {
        LockSupport.parkNanos(IDLE_NANOS);
        return 1;
    }

    @Override
    void close() throws InterruptedException {
        channel.shutdownNow();
        server.shutdownNow().awaitTermination();
    }

    /** A number as eight bytes. */
    private static final class Eight implements MethodDescriptor.Marshaller<Long> {
        @Override
        public InputStream stream(Long number) {
            return new ByteArrayInputStream(
                    ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        }

        @Override
        public Long parse(InputStream stream) {
            try {
                return ByteBuffer.wrap(stream.readNBytes(Long.BYTES)).getLong();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }
}
