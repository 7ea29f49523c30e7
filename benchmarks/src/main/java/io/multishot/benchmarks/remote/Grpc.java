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
import io.multishot.benchmarks.Contender;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/** Unary calls, blocking; over TCP, and where others use shared memory, in its own process without a wire. */
@Contender("gRPC, blocking unary calls")
public class Grpc extends RoundTrip {
    private static final String SERVICE = "numbers";
    private static final MethodDescriptor<Long, Long> NEXT = MethodDescriptor.<Long, Long>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "next"))
            .setRequestMarshaller(new Eight())
            .setResponseMarshaller(new Eight())
            .build();

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
