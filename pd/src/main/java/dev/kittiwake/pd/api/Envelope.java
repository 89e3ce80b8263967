package dev.kittiwake.pd.api;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.kittiwake.proto.pdpb.RequestHeader;
import dev.kittiwake.proto.pdpb.ResponseHeader;
import dev.kittiwake.proto.rpc.PdMethod;
import io.grpc.MethodDescriptor;

/** Reads and writes the headers of one method's messages, whatever their types. */
final class Envelope<Q, R> {
  private final FieldDescriptor requestHeader; // null: the request has none
  private final FieldDescriptor responseHeader; // null: the response has none
  private final Message emptyResponse;

  Envelope(PdMethod<Q, R> method) {
    Message request = prototype(method.descriptor().getRequestMarshaller());
    emptyResponse = prototype(method.descriptor().getResponseMarshaller());
    requestHeader = header(request, RequestHeader.getDescriptor().getFullName());
    responseHeader = header(emptyResponse, ResponseHeader.getDescriptor().getFullName());
  }

  private static Message prototype(MethodDescriptor.Marshaller<?> marshaller) {
    return (Message) ((MethodDescriptor.PrototypeMarshaller<?>) marshaller).getMessagePrototype();
  }

  private static FieldDescriptor header(Message message, String typeName) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName("header");
    return field != null && field.getMessageType().getFullName().equals(typeName) ? field : null;
  }

  /** 0 if the request does not say. */
  long clusterId(Q request) {
    return requestHeader == null
        ? 0
        : ((RequestHeader) ((Message) request).getField(requestHeader)).getClusterId();
  }

  boolean canRefuse() {
    return responseHeader != null;
  }

  @SuppressWarnings("unchecked")
  R refusal(ResponseHeader header) {
    return (R) emptyResponse.newBuilderForType().setField(responseHeader, header).build();
  }
}
