package dev.kittiwake.client.pd;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.kittiwake.proto.pdpb.RequestHeader;
import dev.kittiwake.proto.pdpb.ResponseHeader;

/** The headers that all messages of the placement driver have, by reflection on the descriptors. */
final class PdMessages {
  private PdMessages() {}

  /** {@code request} with the cluster id in its header, if it has one of the usual kind. */
  @SuppressWarnings("unchecked")
  static <Q> Q withClusterId(Q request, long clusterId) {
    if (!(request instanceof Message)) {
      return request;
    }
    Message message = (Message) request;
    FieldDescriptor field = message.getDescriptorForType().findFieldByName("header");
    if (field == null || field.getMessageType() != RequestHeader.getDescriptor()) {
      return request;
    }
    RequestHeader header =
        ((RequestHeader) message.getField(field)).toBuilder().setClusterId(clusterId).build();
    return (Q) message.toBuilder().setField(field, header).build();
  }

  /** The header of a response; the default one if it has none. */
  static ResponseHeader header(Object response) {
    if (response instanceof Message) {
      Message message = (Message) response;
      FieldDescriptor field = message.getDescriptorForType().findFieldByName("header");
      if (field != null && field.getMessageType() == ResponseHeader.getDescriptor()) {
        return (ResponseHeader) message.getField(field);
      }
    }
    return ResponseHeader.getDefaultInstance();
  }
}
