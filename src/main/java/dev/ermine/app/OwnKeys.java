package dev.ermine.app;

import dev.ermine.app.Live.Reading;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.Regions;
import dev.ermine.region.Stage;
import dev.ermine.trust.GatewayKeys;
import dev.ermine.trust.SigningKeyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The files of the gateway's own signing keys as they are configured. Keys that are to come, or
 * have gone, may have a file or not; what has been revoked may not be lost with its file.
 *
 * @param stage whether keys may be of development
 */
record OwnKeys(Map<KeyUse, Path> files, Stage stage) {

  private static final String PROPERTY = "signing-key";

  OwnKeys {
    files = Map.copyOf(files);
  }

  static OwnKeys of(GatewayConfig config, Stage stage) {
    Map<KeyUse, Path> files = new EnumMap<>(KeyUse.class);
    files.put(KeyUse.ACTIVE, config.certsFile(config.signingKey()));
    put(files, KeyUse.NEXT, config.signingKeyNext().map(config::certsFile));
    put(files, KeyUse.RETIRING, config.signingKeyRetiring().map(config::certsFile));
    put(files, KeyUse.REVOKED, config.signingKeyRevoked().map(config::certsFile));
    return new OwnKeys(files, stage);
  }

  private static void put(Map<KeyUse, Path> files, KeyUse use, Optional<Path> file) {
    file.ifPresent(there -> files.put(use, there));
  }

  /** Reads the files that are there. */
  Reading<GatewayKeys> read() {
    List<String> faults = new ArrayList<>();
    List<SigningKeyFile> read = new ArrayList<>();
    for (KeyUse use : KeyUse.values()) {
      Optional.ofNullable(files.get(use))
          .filter(file -> !mayBeAbsent(use) || Files.exists(file))
          .ifPresent(file -> read(use, file, read, faults));
    }
    return faults.isEmpty() ? together(read) : new Reading.Refused<>(faults);
  }

  private static boolean mayBeAbsent(KeyUse use) {
    return use == KeyUse.NEXT || use == KeyUse.RETIRING;
  }

  private void read(KeyUse use, Path file, List<SigningKeyFile> read, List<String> faults) {
    try {
      SigningKeyFile keys = SigningKeyFile.read(file, use);
      if (use != KeyUse.REVOKED && keys.ids().stream().anyMatch(stage::refuses)) {
        faults.add(fault(use, "`" + file + "` " + Stage.FAULT));
      }
      if (keys.isPrivate()) {
        PrivateFile.fault(file, stage).ifPresent(fault -> faults.add(fault(use, fault)));
      }
      read.add(keys);
    } catch (IllegalArgumentException e) {
      faults.add(fault(use, String.valueOf(e.getMessage())));
    }
  }

  private static Reading<GatewayKeys> together(List<SigningKeyFile> read) {
    try {
      return new Reading.Good<>(GatewayKeys.of(read));
    } catch (IllegalArgumentException e) {
      return new Reading.Refused<>(List.of(fault(KeyUse.ACTIVE, String.valueOf(e.getMessage()))));
    }
  }

  /** For which regions that are asked no key signs, though none was revoked. */
  static List<String> faults(GatewayKeys keys, Regions regions) {
    return keys.oversights(regions).stream().map(it -> fault(KeyUse.ACTIVE, it)).toList();
  }

  private static String fault(KeyUse use, String fault) {
    String state =
        switch (use) {
          case ACTIVE -> "";
          case NEXT -> "-next";
          case RETIRING -> "-retiring";
          case REVOKED -> "-revoked";
        };
    return "ermine." + PROPERTY + state + ": " + fault;
  }

  /** Another one when any of the files has changed, wherever a link leads. */
  String fingerprint() {
    return files.entrySet().stream()
        .map(entry -> entry.getKey() + " " + Fingerprint.of(entry.getValue()))
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
