package dev.kittiwake.kv.engine;

import java.util.Arrays;

/**
 * An immutable sorted map of bytes: every change gives a new map that shares all but one path with
 * the old one. A height-balanced (AVL) tree; each node knows the bytes of its subtree.
 */
final class PersistentMap {
  static final PersistentMap EMPTY = new PersistentMap(null);

  private final Node root;

  private PersistentMap(Node root) {
    this.root = root;
  }

  /** One pair and its subtrees. Immutable. */
  static final class Node {
    final byte[] key;
    final byte[] value;
    private final Node left;
    private final Node right;
    private final int height;
    private final long bytes;

    Node(byte[] key, byte[] value, Node left, Node right) {
      this.key = key;
      this.value = value;
      this.left = left;
      this.right = right;
      this.height = 1 + Math.max(heightOf(left), heightOf(right));
      this.bytes = key.length + value.length + bytesOf(left) + bytesOf(right);
    }
  }

  byte[] get(byte[] key) {
    Node node = root;
    while (node != null) {
      int order = Arrays.compareUnsigned(key, node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  PersistentMap put(byte[] key, byte[] value) {
    return new PersistentMap(put(root, key, value));
  }

  PersistentMap remove(byte[] key) {
    return get(key) == null ? this : new PersistentMap(remove(root, key));
  }

  /** Without the keys in {@code [from, to)}; an empty {@code to} means +∞. */
  PersistentMap removeRange(byte[] from, byte[] to) {
    PersistentMap map = this;
    for (Node node = map.ceiling(from, true);
        node != null && (to.length == 0 || Arrays.compareUnsigned(node.key, to) < 0);
        node = map.ceiling(from, true)) {
      map = map.remove(node.key);
    }
    return map;
  }

  /** The first node at ({@code inclusive}) or after {@code key}, or null. */
  Node ceiling(byte[] key, boolean inclusive) {
    Node best = null;
    Node node = root;
    while (node != null) {
      int order = Arrays.compareUnsigned(node.key, key);
      if (order > 0 || (order == 0 && inclusive)) {
        best = node;
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return best;
  }

  /** The last node at ({@code inclusive}) or before {@code key}, or null. */
  Node floor(byte[] key, boolean inclusive) {
    Node best = null;
    Node node = root;
    while (node != null) {
      int order = Arrays.compareUnsigned(node.key, key);
      if (order < 0 || (order == 0 && inclusive)) {
        best = node;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return best;
  }

  Node last() {
    Node node = root;
    while (node != null && node.right != null) {
      node = node.right;
    }
    return node;
  }

  /** The bytes of all pairs whose key is less than {@code key}. */
  long bytesBelow(byte[] key) {
    long sum = 0;
    Node node = root;
    while (node != null) {
      if (Arrays.compareUnsigned(node.key, key) < 0) {
        sum += node.bytes - bytesOf(node.right);
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return sum;
  }

  long bytes() {
    return bytesOf(root);
  }

  private static Node put(Node node, byte[] key, byte[] value) {
    if (node == null) {
      return new Node(key, value, null, null);
    }
    int order = Arrays.compareUnsigned(key, node.key);
    if (order == 0) {
      return new Node(key, value, node.left, node.right);
    }
    return order < 0
        ? balance(node, put(node.left, key, value), node.right)
        : balance(node, node.left, put(node.right, key, value));
  }

  private static Node remove(Node node, byte[] key) {
    int order = Arrays.compareUnsigned(key, node.key);
    if (order < 0) {
      return balance(node, remove(node.left, key), node.right);
    }
    if (order > 0) {
      return balance(node, node.left, remove(node.right, key));
    }
    if (node.left == null || node.right == null) {
      return node.left == null ? node.right : node.left;
    }
    Node successor = node.right;
    while (successor.left != null) {
      successor = successor.left;
    }
    return balance(successor, node.left, remove(node.right, successor.key));
  }

  /**
   * A balanced tree of {@code middle}'s pair between two trees whose heights differ by at most 2.
   */
  private static Node balance(Node middle, Node left, Node right) {
    int difference = heightOf(left) - heightOf(right);
    if (difference > 1) {
      if (heightOf(left.left) >= heightOf(left.right)) {
        return node(left, left.left, node(middle, left.right, right));
      }
      Node top = left.right;
      return node(top, node(left, left.left, top.left), node(middle, top.right, right));
    }
    if (difference < -1) {
      if (heightOf(right.right) >= heightOf(right.left)) {
        return node(right, node(middle, left, right.left), right.right);
      }
      Node top = right.left;
      return node(top, node(middle, left, top.left), node(right, top.right, right.right));
    }
    return node(middle, left, right);
  }

  private static Node node(Node pair, Node left, Node right) {
    return new Node(pair.key, pair.value, left, right);
  }

  private static int heightOf(Node node) {
    return node == null ? 0 : node.height;
  }

  private static long bytesOf(Node node) {
    return node == null ? 0 : node.bytes;
  }
}
