import Testing

@testable import TodoServer

@Suite struct GenerationalTableTests {
    @Test("an entry that is read is kept")
    func keepsWhatIsUsed() {
        var table = GenerationalTable<Int, Int>(capacity: 10)
        table.insert(1, for: -1)
        for number in 0..<100 {
            table.insert(number, for: number)
            #expect(table.value(for: -1) == 1, "it is read in every round")
            #expect(table.count <= 10)
        }
        #expect(table.value(for: 0) == nil)
        #expect(table.value(for: 99) == 99)
    }

    @Test("an entry's cost counts until it is removed")
    func countsCosts() {
        var table = GenerationalTable<Int, String>(capacity: 100)
        table.insert("a", for: 1, cost: 50)
        table.insert("b", for: 2, cost: 51)
        #expect(table.value(for: 1) == "a")
        #expect(table.value(for: 2) == nil, "too large to be stored")
        table.insert("c", for: 1, cost: 10)
        table.insert("d", for: 3, cost: 40)
        #expect(table.value(for: 1) == "c" && table.value(for: 3) == "d")
        #expect(table.cost == 50)
        table.removeValue(for: 1)
        #expect(table.value(for: 1) == nil)
        #expect(table.cost == 40)
    }

    @Test("the total cost never exceeds the capacity")
    func neverExceeds() {
        var table = GenerationalTable<Int, Int>(capacity: 100)
        var random = SystemRandomNumberGenerator()
        for number in 0..<10_000 {
            table.insert(
                number, for: Int.random(in: 0..<40, using: &random), cost: Int.random(in: 1...60, using: &random))
            _ = table.value(for: Int.random(in: 0..<40, using: &random))
            #expect((0...100).contains(table.cost))
        }
    }
}
