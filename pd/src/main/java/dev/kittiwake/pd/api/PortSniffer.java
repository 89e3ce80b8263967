package dev.kittiwake.pd.api;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Decides by the first bytes of a connection who serves it: HTTP/2's preface {@code PRI} means
 * gRPC, everything else is taken for HTTP/1.1.
 */
final class PortSniffer implements InternalProtocolNegotiator.ProtocolNegotiator {
  private static final byte[] PREFACE = "PRI * HT".getBytes(StandardCharsets.US_ASCII);

  private final InternalProtocolNegotiator.ProtocolNegotiator grpc =
      InternalProtocolNegotiators.serverPlaintext();
  private final Consumer<ChannelPipeline> http;

  /**
   * @param http fills the pipeline of an HTTP/1.1 connection
   */
  PortSniffer(Consumer<ChannelPipeline> http) {
    this.http = http;
  }

  @Override
  public AsciiString scheme() {
    return grpc.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
    return new Sniffer(handler);
  }

  @Override
  public void close() {
    grpc.close();
  }

  private final class Sniffer extends ByteToMessageDecoder {
    private final GrpcHttp2ConnectionHandler handler;
    private Object negotiation; // gRPC's event that starts its negotiation; held back until then

    Sniffer(GrpcHttp2ConnectionHandler handler) {
      this.handler = handler;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      if (negotiation == null && event.getClass().getName().startsWith("io.grpc.netty.")) {
        negotiation = event;
      } else {
        super.userEventTriggered(context, event);
      }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
      int length = Math.min(bytes.readableBytes(), PREFACE.length);
      for (int i = 0; i < length; i++) {
        if (bytes.getByte(bytes.readerIndex() + i) != PREFACE[i]) {
          serveHttp(context);
          return;
        }
      }
      if (length == PREFACE.length) {
        serveGrpc(context);
      }
    }

    /** gRPC's own negotiation takes over, as if the sniffer had not been there. */
    private void serveGrpc(ChannelHandlerContext context) {
      ChannelPipeline pipeline = context.pipeline();
      pipeline.addAfter(context.name(), null, grpc.newHandler(handler));
      context.fireUserEventTriggered(negotiation);
      pipeline.remove(this); // hands on the bytes that were read so far
    }

    private void serveHttp(ChannelHandlerContext context) {
      ChannelPipeline pipeline = context.pipeline();
      while (pipeline.last() != this) {
        pipeline.removeLast();
      }
      http.accept(pipeline);
      pipeline.remove(this);
    }
  }
}
