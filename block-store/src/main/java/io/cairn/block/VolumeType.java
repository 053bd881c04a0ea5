package io.cairn.block;

/// What a volume is for, by EBS's names.
public enum VolumeType {
    GP3, GP2, IO1, IO2, ST1, SC1, STANDARD
}
