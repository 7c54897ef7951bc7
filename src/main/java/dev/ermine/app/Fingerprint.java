package dev.ermine.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What tells one content of a file from another. */
final class Fingerprint {

  private static final int LIMIT = 1 << 20;

  private Fingerprint() {}

  /** SHA-256, hex, of what the file holds now, wherever a link leads. */
  static String of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(in.readNBytes(LIMIT));
      return HexFormat.of().formatHex(hash);
    } catch (IOException e) {
      return "unreadable";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
