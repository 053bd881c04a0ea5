package io.cairn.server.ec2;

/// Who and where this server is.
public record Ec2Settings(String region, String account) {
    public static final Ec2Settings DEFAULT = new Ec2Settings("us-east-1", "000000000000");

    /// The zones of the region.
    public String zone(char letter) {
        return region + letter;
    }
}
