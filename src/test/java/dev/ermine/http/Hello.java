package dev.ermine.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@code ClientHello} that no stack of ours would send, in a record of its own.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2">RFC 8446, 4.1.2: Client
 *     Hello</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5246#section-7.4.1.2">RFC 5246, 7.4.1.2: Client
 *     Hello</a>
 */
final class Hello {

  static final int PRE_SHARED_KEY = 41;
  static final int KEY_SHARE = 51;
  static final byte NULL = 0;
  static final byte DEFLATE = 1;

  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int EARLY_DATA = 42;
  private static final int SUPPORTED_VERSIONS = 43;
  private static final int PSK_MODES = 45;
  private static final int SECP256R1 = 23;
  private static final int[] SUITES = {0x1301, 0x1302, 0xc02b, 0xc02c};

  private final byte[] compressions;
  private final Map<Integer, byte[]> extensions;

  private Hello(byte[] compressions, Map<Integer, byte[]> extensions) {
    this.compressions = compressions;
    this.extensions = extensions;
  }

  /** Of TLS 1.2 at most, with those methods of compression. */
  static Hello of12(byte... compressions) {
    Map<Integer, byte[]> extensions = new LinkedHashMap<>();
    extensions.put(10, bytes(out -> vector(out, 2, list -> list.writeShort(SECP256R1))));
    extensions.put(11, new byte[] {1, 0});
    extensions.put(13, bytes(out -> vector(out, 2, list -> list.writeInt(0x0403_0804))));
    return new Hello(compressions, extensions);
  }

  /** Of TLS 1.3, with those methods of compression. */
  static Hello of13(byte... compressions) {
    Hello hello = of12(compressions);
    hello.extensions.put(SUPPORTED_VERSIONS, new byte[] {2, 3, 4});
    hello.extensions.put(PSK_MODES, new byte[] {1, 1});
    hello.extensions.put(KEY_SHARE, bytes(out -> vector(out, 2, Hello::writeShare)));
    return hello;
  }

  /** The same with early data announced, on a ticket that looks like one. */
  Hello resumingEarly() {
    extensions.put(EARLY_DATA, new byte[0]);
    extensions.put(
        PRE_SHARED_KEY,
        bytes(
            out -> {
              vector(
                  out,
                  2,
                  list -> {
                    vector(list, 2, ticket -> ticket.write(new byte[64]));
                    list.writeInt(1000);
                  });
              vector(out, 2, list -> vector(list, 1, binder -> binder.write(new byte[32])));
            }));
    return this;
  }

  byte[] record() {
    byte[] body =
        bytes(
            out -> {
              out.writeShort(0x0303);
              out.write(new byte[32]);
              vector(out, 1, session -> session.write(new byte[32]));
              vector(
                  out,
                  2,
                  suites -> {
                    for (int suite : SUITES) {
                      suites.writeShort(suite);
                    }
                  });
              vector(out, 1, methods -> methods.write(compressions));
              vector(out, 2, this::writeExtensions);
            });
    return record(
        HANDSHAKE,
        bytes(
            out -> {
              out.writeByte(1);
              vector(out, 3, hello -> hello.write(body));
            }));
  }

  /** A record of that type. */
  static byte[] record(int type, byte[] content) {
    return bytes(
        out -> {
          out.writeByte(type);
          out.writeShort(0x0303);
          vector(out, 2, record -> record.write(content));
        });
  }

  private void writeExtensions(DataOutputStream out) throws IOException {
    for (Map.Entry<Integer, byte[]> extension : extensions.entrySet()) {
      out.writeShort(extension.getKey());
      vector(out, 2, value -> value.write(extension.getValue()));
    }
  }

  private static void writeShare(DataOutputStream out) throws IOException {
    out.writeShort(SECP256R1);
    vector(
        out,
        2,
        key -> {
          key.writeByte(4);
          key.write(point());
        });
  }

  private static byte[] point() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var w = ((ECPublicKey) generator.generateKeyPair().getPublic()).getW();
      return bytes(
          out -> {
            out.write(fixed(w.getAffineX()));
            out.write(fixed(w.getAffineY()));
          });
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] fixed(BigInteger coordinate) {
    byte[] bytes = coordinate.toByteArray();
    byte[] fixed = new byte[32];
    int length = Math.min(bytes.length, 32);
    System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
    return fixed;
  }

  /** What a server answers to a hello: an alert, or its own hello. */
  sealed interface Answer {

    /** It ends here: by an alert of that description, or, with −1, without a word. */
    record Refused(int alert) implements Answer {}

    /** What it has taken of what was offered. */
    record Taken(byte compression, Map<Integer, byte[]> extensions) implements Answer {}

    /** The next one. */
    static Answer read(DataInputStream in) throws IOException {
      int type = in.read();
      if (type < 0) {
        return new Refused(-1);
      }
      in.readShort();
      byte[] content = in.readNBytes(in.readUnsignedShort());
      return type == ALERT ? new Refused(content[1]) : hello(content);
    }

    private static Answer hello(byte[] content) throws IOException {
      // Other messages may be in the same record.
      int length = new BigInteger(1, Arrays.copyOfRange(content, 1, 4)).intValueExact();
      DataInputStream hello = new DataInputStream(new ByteArrayInputStream(content, 4, length));
      hello.skipNBytes(2 + 32);
      hello.skipNBytes(hello.readUnsignedByte());
      hello.skipNBytes(2);
      byte compression = hello.readByte();
      Map<Integer, byte[]> extensions = new LinkedHashMap<>();
      hello.skipNBytes(Math.min(2, hello.available())); // without extensions there is no length
      while (hello.available() > 0) {
        extensions.put(hello.readUnsignedShort(), hello.readNBytes(hello.readUnsignedShort()));
      }
      return new Taken(compression, extensions);
    }
  }

  @FunctionalInterface
  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A vector after its length, which is written in so many bytes. */
  private static void vector(DataOutputStream out, int size, Writing writing) throws IOException {
    byte[] content = bytes(writing);
    for (int i = size - 1; i >= 0; i--) {
      out.writeByte(content.length >> (8 * i));
    }
    out.write(content);
  }
}
