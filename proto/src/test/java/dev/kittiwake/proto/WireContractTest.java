package dev.kittiwake.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.kittiwake.proto.coprocessor.Coprocessor;
import dev.kittiwake.proto.errorpb.Errorpb;
import dev.kittiwake.proto.import_sstpb.ImportSstpb;
import dev.kittiwake.proto.kvrpcpb.Kvrpcpb;
import dev.kittiwake.proto.metapb.Metapb;
import dev.kittiwake.proto.pdpb.Pdpb;
import dev.kittiwake.proto.tikvpb.Tikvpb;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every message, field number and type that TiKV's published Java client was compiled with means
 * the same to us. Its descriptors are of a relocated protobuf, so they are read through reflection.
 */
class WireContractTest {
  private static final List<Descriptors.FileDescriptor> OURS =
      List.of(
          Metapb.getDescriptor(),
          Errorpb.getDescriptor(),
          Kvrpcpb.getDescriptor(),
          Pdpb.getDescriptor(),
          Tikvpb.getDescriptor(),
          Coprocessor.getDescriptor(),
          ImportSstpb.getDescriptor());

  private static final List<String> THEIRS =
      List.of(
          "org.tikv.kvproto.Metapb",
          "org.tikv.kvproto.Errorpb",
          "org.tikv.kvproto.Kvrpcpb",
          "org.tikv.kvproto.Pdpb",
          "org.tikv.kvproto.Tikvpb",
          "org.tikv.kvproto.Coprocessor",
          "org.tikv.kvproto.ImportSstpb");

  @Test
  void everyFieldThatThePublishedClientKnowsHasTheSameNumberAndType() throws Exception {
    List<String> differences = new ArrayList<>();
    int compared = 0;
    for (int file = 0; file < OURS.size(); file++) {
      Object theirs = call(Class.forName(THEIRS.get(file)), null, "getDescriptor");
      for (Descriptor ours : OURS.get(file).getMessageTypes()) {
        Object other = call(theirs.getClass(), theirs, "findMessageTypeByName", ours.getName());
        if (other != null) {
          compared += compare(ours, other, differences);
        }
      }
      for (EnumDescriptor ours : OURS.get(file).getEnumTypes()) {
        Object other = call(theirs.getClass(), theirs, "findEnumTypeByName", ours.getName());
        if (other != null) {
          compareEnum(ours, other, differences);
        }
      }
    }
    assertEquals(List.of(), differences);
    assertTrue(compared > 900, "only " + compared + " fields compared");
  }

  private static int compare(Descriptor ours, Object theirs, List<String> differences)
      throws Exception {
    TreeMap<Integer, String> mine = new TreeMap<>();
    for (FieldDescriptor field : ours.getFields()) {
      mine.put(field.getNumber(), kind(field.getType().name(), field.isRepeated()));
    }
    int compared = 0;
    for (Object field : (List<?>) call(theirs.getClass(), theirs, "getFields")) {
      int number = (int) call(field.getClass(), field, "getNumber");
      String kind =
          kind(
              call(field.getClass(), field, "getType").toString(),
              (boolean) call(field.getClass(), field, "isRepeated"));
      String wanted = mine.get(number);
      compared++;
      if (wanted == null && !isLeftOut(ours.getFullName(), number)) {
        differences.add(ours.getFullName() + " lacks field " + number);
      } else if (wanted != null && !wanted.equals(kind)) {
        differences.add(
            ours.getFullName() + " field " + number + " is " + wanted + ", not " + kind);
      }
    }
    for (Descriptor nested : ours.getNestedTypes()) {
      Object other = call(theirs.getClass(), theirs, "findNestedTypeByName", nested.getName());
      if (other != null) {
        compared += compare(nested, other, differences);
      }
    }
    for (EnumDescriptor nested : ours.getEnumTypes()) {
      Object other = call(theirs.getClass(), theirs, "findEnumTypeByName", nested.getName());
      if (other != null) {
        compareEnum(nested, other, differences);
      }
    }
    return compared;
  }

  private static void compareEnum(EnumDescriptor ours, Object theirs, List<String> differences)
      throws Exception {
    for (Object value : (List<?>) call(theirs.getClass(), theirs, "getValues")) {
      int number = (int) call(value.getClass(), value, "getNumber");
      String name = (String) call(value.getClass(), value, "getName");
      if (ours.findValueByNumber(number) == null || ours.findValueByName(name) == null) {
        differences.add(ours.getFullName() + " lacks " + name + " = " + number);
      }
    }
  }

  /**
   * Fields of store-internal messages, which no client sends: our stores speak their own protocol
   * among each other.
   */
  private static boolean isLeftOut(String message, int number) {
    return message.equals("pdpb.PeerReport") || message.equals("tikvpb.BatchRaftMessage");
  }

  /**
   * Types that share an encoding count as equal: varints of any width and sign, bytes and strings.
   */
  private static String kind(String type, boolean repeated) {
    String encoding =
        switch (type) {
          case "INT32", "INT64", "UINT32", "UINT64", "BOOL", "ENUM" -> "varint";
          case "STRING", "BYTES" -> "bytes";
          default -> type.toLowerCase(java.util.Locale.ROOT);
        };
    return repeated ? "repeated " + encoding : encoding;
  }

  private static Object call(Class<?> type, Object target, String method, Object... arguments)
      throws Exception {
    Class<?>[] types = new Class<?>[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      types[i] = arguments[i].getClass();
    }
    Method found = type.getMethod(method, types);
    found.setAccessible(true);
    return found.invoke(target, arguments);
  }
}
