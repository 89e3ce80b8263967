package dev.kittiwake.txn.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Values computed by an independent implementation, at both ends of each length class. */
class FarmHashTest {
  private static final long[][] KNOWN = {
    {0, 0x9ae16a3b2f90404fL},
    {1, 0x47a24c13b17e583eL},
    {2, 0xc34a76efc5c06952L},
    {3, 0x26b4da356b8b9558L},
    {4, 0xefc83e8c71df5af5L},
    {5, 0x4d7b2599824eb444L},
    {7, 0x1fafa9edd289ae25L},
    {8, 0xd442a22feec8439aL},
    {9, 0xfcecd7370c9894f7L},
    {15, 0x7f9b0297bac70335L},
    {16, 0x0db0c6c6cfc9cc97L},
    {17, 0x33fce0bef0c317a9L},
    {24, 0x92c6da0261997720L},
    {31, 0xe8dea1514638326fL},
    {32, 0x3ff780b33fa8801aL},
    {33, 0x9a5b1c0ff4a38467L},
    {48, 0xdebf10e37608eab3L},
    {63, 0xe9ce2f267ce7e857L},
    {64, 0x111fa8723e25adcaL},
    {65, 0x0366ab6067b570b1L},
    {100, 0x7ac913e1ca079610L},
    {127, 0x3f0ed94dc9c5d70cL},
    {128, 0xce22f72c75b92bbfL},
    {129, 0x3dac9153fd008293L},
    {200, 0x723d395582226c57L},
    {1000, 0x83aa74b1ab336a7fL},
  };

  @Test
  void knownValues() {
    for (long[] known : KNOWN) {
      byte[] bytes = new byte[(int) known[0]];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (i * 7 + 1);
      }
      assertEquals(known[1], FarmHash.fingerprint64(bytes), () -> "length " + known[0]);
    }
    byte[] text = "kittiwake".getBytes(StandardCharsets.UTF_8);
    assertEquals(0x48e308fc4012aa6eL, FarmHash.fingerprint64(text));
  }
}
