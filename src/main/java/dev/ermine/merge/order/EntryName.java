package dev.ermine.merge.order;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What an entry is called in the order: never longer than a token has room for. */
final class EntryName {

  private static final int LONGEST = 128;

  private EntryName() {}

  /** What that is short for: itself, or its SHA-256 where it is long or not in plain letters. */
  static String of(String name) {
    return isValid(name) ? name : digest(name);
  }

  /** Plain letters are the same on both sides of every encoding. */
  static boolean isValid(String name) {
    if (name.isEmpty() || name.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }

  /** Of its characters one by one: half a surrogate pair has no bytes in UTF-8. */
  private static String digest(String name) {
    ByteBuffer characters = ByteBuffer.allocate(name.length() * Character.BYTES);
    characters.asCharBuffer().put(name);
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(characters.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
